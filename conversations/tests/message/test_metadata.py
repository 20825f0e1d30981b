"""A file that people post is stored without what their camera has noted in it."""

from uuid import uuid4

import pytest

from conversations.models import Attachment
from conversations.models.attachment import stored_file
from conversations.tests.message.pictures import upload
from conversations.tests.text.test_metadata import FILES, SECRET


@pytest.mark.parametrize(
    ("kind", "name"),
    [("heic", "IMG_1.HEIC"), ("tiff", "scan.tiff"), ("quicktime", "IMG_2.MOV"), ("webm", "a.webm"), ("avi", "b.avi")],
)
def test_what_is_stored_of_a_file_has_no_metadata(world, as_, files, kind, name):
    content = FILES[kind]()
    assert SECRET in content
    form = {"content": "look", "client_key": str(uuid4()), "files": [upload(content, name)]}
    assert as_(world.ana).post(f"/c/{world.plans.pk}/messages/", form).status_code == 302
    [attachment] = Attachment.objects.all()
    stored = b"".join(file.read_bytes() for file in files.rglob("*") if file.is_file())
    assert (attachment.name, attachment.size) == (name, len(content))
    assert stored_file.path_of(attachment.key)
    assert SECRET not in stored


def test_another_file_is_stored_as_it_is(world, as_, files):
    content = b"%PDF-1.7 " + SECRET
    form = {"content": "", "client_key": str(uuid4()), "files": [upload(content, "a.pdf")]}
    as_(world.ana).post(f"/c/{world.plans.pk}/messages/", form)
    assert [file.read_bytes() for file in files.rglob("*") if file.is_file()] == [content]
