"""Attachments: sent with a message, visible to its readers, and deleted with it."""

import os
import re
import time
from uuid import uuid4

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError

from accounts.models import limits
from accounts.tests.factories import UserFactory
from conversations.models import Attachment, Message
from conversations.models.account_deletion import delete_account, restore_account
from conversations.models.attachment import stored_file
from conversations.models.attachment.attachment import MAX_FILE_BYTES
from conversations.tests.factories import say
from conversations.tests.message.pictures import noise, opened, picture, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]


def attach(client, conversation, *files, content="", **fields):
    """Post a message with files, each given as (content, name)."""
    fields = {"client_key": uuid4(), "content": content} | fields
    sent = [upload(*file) for file in files]
    return client.post(f"/c/{conversation.pk}/messages/", fields | {"files": sent})


def body(answer):
    return b"".join(answer.streaming_content)


def address(attachment):
    return f"/files/{attachment.pk}/{attachment.name}"


@pytest.fixture
def plan(world, as_):
    """A file in a private conversation of Ana and Ben."""
    attach(as_(world.ana), world.plans, (noise(5000), "plan.bin"))
    return Attachment.objects.get()


@pytest.fixture
def photo(world, as_):
    attach(as_(world.ana), world.plans, (picture(), "photo.jpg"))
    return Attachment.objects.get()


def test_a_message_can_have_text_and_several_files(world, as_, files):
    answer = attach(
        as_(world.ana), world.plans, (picture(), "house.jpg"), (b"a,b\n1,2\n", "prices.csv"), content="Look at that"
    )
    message = Message.objects.get()
    assert answer.url == f"/c/{world.plans.pk}/#m{message.pk}"
    assert [(each.name, each.content_type) for each in message.attachments.order_by("position")] == [
        ("house.jpg", "image/jpeg"),
        ("prices.csv", "text/plain"),
    ]
    page = as_(world.ben).get(f"/c/{world.plans.pk}/").content.decode()
    assert "Look at that" in page
    assert "8 bytes" in page
    for attachment in message.attachments.all():
        assert f'="{address(attachment)}"' in page
    assert len([path for path in files.rglob("*") if path.is_file()]) == 4, "the picture has two thumbnails"


def test_a_message_needs_either_text_or_files(world, as_):
    assert attach(as_(world.ana), world.plans, (b"x", "a.txt")).status_code == 302
    assert attach(as_(world.ana), world.plans, content="x").status_code == 302
    assert attach(as_(world.ana), world.plans).status_code == 422
    assert Message.objects.count() == 2


def test_the_inbox_names_the_files_of_a_message_without_words(world, as_):
    ben = as_(world.ben)
    attach(as_(world.ana), world.plans, (b"x", "a.txt"), (b"x", "<b>.txt"))
    assert "Ana Lima: 📎 a.txt, &lt;b&gt;.txt" in ben.get("/").content.decode()
    world.plans.post(world.ben, "which?", uuid4(), reply_to=Message.objects.get())
    assert "📎 a.txt, &lt;b&gt;.txt" in ben.get(f"/c/{world.plans.pk}/").content.decode(), (
        "the quoted reply names its files"
    )
    attach(as_(world.ana), world.plans, (b"x", "a.txt"), content="words")
    assert "Ana Lima: words" in ben.get("/").content.decode()


def test_a_file_is_downloaded_unchanged(world, as_, plan):
    answer = as_(world.ben).get(address(plan))
    assert body(answer) == noise(5000)
    assert answer["Content-Disposition"] == 'attachment; filename="plan.bin"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("form", "name", "content_type"),
    [
        ("JPEG", "a.jpg", "image/jpeg"),
        ("PNG", "a.png", "image/png"),
        ("WEBP", "a.webp", "image/webp"),
        ("GIF", "a.gif", "image/gif"),
        ("AVIF", "a.avif", "image/avif"),
    ],
)
def test_pictures_are_shown_as_thumbnails_with_reserved_space(world, as_, form, name, content_type):
    mode = "P" if form == "GIF" else "RGB"
    attach(as_(world.ana), world.plans, (picture(form, (1600, 1000), mode), name), description="Our house")
    attachment, ben = Attachment.objects.get(), as_(world.ben)
    page = ben.get(f"/c/{world.plans.pk}/").content.decode()
    assert f'<img src="/files/{attachment.pk}/small/"' in page
    assert 'width="400" height="250" loading="lazy"' in page
    assert 'alt="Our house"' in page
    for size, pixels in (("small", (400, 250)), ("large", (800, 500))):
        answer = ben.get(f"/files/{attachment.pk}/{size}/")
        assert answer["Content-Type"] == "image/webp"
        shown = opened(body(answer))
        assert (shown.format, shown.size) == ("WEBP", pixels)
    answer = ben.get(address(attachment))
    assert answer["Content-Type"] == content_type
    assert "Content-Disposition" not in answer
    whole = opened(body(answer))
    assert (whole.format, whole.size) == (form, (1600, 1000))


@pytest.mark.parametrize(("size", "is_shown"), [((6000, 4000), True), ((6400, 4200), False)])
def test_an_avif_of_up_to_26_megapixels_is_shown(world, as_, size, is_shown):
    attach(as_(world.ana), world.plans, (picture("AVIF", size, speed=10), "a.avif"))
    page = as_(world.ben).get(f"/c/{world.plans.pk}/").content.decode()
    assert (f'<img src="/files/{Attachment.objects.get().pk}/small/"' in page) == is_shown


def test_a_picture_without_a_description_is_described_by_its_name(world, as_, photo):
    assert 'alt="photo.jpg"' in as_(world.ben).get(f"/c/{world.plans.pk}/").content.decode()


def test_each_file_may_have_its_own_description(world, as_):
    files = [(picture(), "one.jpg"), (b"text", "b.txt"), (picture("PNG"), "two.png")]
    attach(as_(world.ana), world.plans, *files, description=["One", "", "Two"])
    assert [each.description for each in Attachment.objects.order_by("position")] == ["One", "", "Two"]


@pytest.mark.parametrize("path", ["", "small/", "large/"])
def test_files_are_visible_only_to_readers_of_the_message(world, as_, photo, path):
    where = f"/files/{photo.pk}/{path}" if path else address(photo)
    clients = {name: as_(getattr(world, name)) for name in ("ana", "ben", "olga")}
    assert [clients[name].get(where).status_code for name in clients] == [200, 200, 404]
    nothing = where.replace(f"/{photo.pk}/", "/999999/")
    assert clients["olga"].get(where).content == clients["olga"].get(nothing).content.replace(
        b"999999", b"%d" % photo.pk
    )
    world.plans.leave(world.ben)
    assert clients["ben"].get(where).status_code == 404
    assert clients["ben"].get(where, headers={"Range": "bytes=0-9"}).status_code == 404
    assert clients["ben"].get(where, headers={"If-None-Match": "*"}).status_code == 404


def test_files_of_a_deleted_message_are_hidden_until_it_is_restored(world, as_, photo, files):
    ana, message = as_(world.ana), Message.objects.get()
    message.delete_by(world.ana)
    for where in (address(photo), f"/files/{photo.pk}/small/"):
        assert ana.get(where).status_code == 404
    assert any(path.is_file() for path in files.rglob("*")), "they are stored, as the message may be restored"
    message.restore_by(world.ana)
    assert ana.get(address(photo)).status_code == 200


def test_an_unchanged_file_is_revalidated_and_not_sent_again(world, as_, plan):
    ben = as_(world.ben)
    tag = ben.get(address(plan))["ETag"]
    answer = ben.get(address(plan), headers={"If-None-Match": tag})
    assert (answer.status_code, answer["ETag"], answer["Cache-Control"]) == (304, tag, "private, no-cache")
    assert ben.get(address(plan), headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-9", 206, (0, 10)),
        ("bytes=4990-", 206, (4990, 5000)),
        ("bytes=-10", 206, (4990, 5000)),
        ("bytes=-9999", 206, (0, 5000)),
        ("bytes=4999-9999", 206, (4999, 5000)),
        ("bytes=5000-", 416, None),
        ("bytes=-0", 416, None),
        ("bytes=9-1", 200, (0, 5000)),
        ("bytes=0-1,3-4", 200, (0, 5000)),
        ("bytes=-", 200, (0, 5000)),
        ("lines=1-2", 200, (0, 5000)),
    ],
)
def test_a_range_of_a_file_can_be_requested(world, as_, plan, asked, status, part):
    answer = as_(world.ben).get(address(plan), headers={"Range": asked})
    assert answer.status_code == status
    if part:
        assert body(answer) == noise(5000)[slice(*part)]
    if status == 206:
        assert answer["Content-Range"] == f"bytes {part[0]}-{part[1] - 1}/5000"
    if status == 416:
        assert answer["Content-Range"] == "bytes */5000"


def test_a_range_of_a_changed_file_returns_the_whole_file(world, as_, plan):
    ben = as_(world.ben)
    tag = ben.get(address(plan))["ETag"]
    for known, status in ((tag, 206), ('"other"', 200)):
        assert ben.get(address(plan), headers={"Range": "bytes=0-9", "If-Range": known}).status_code == status


def test_a_file_is_found_only_under_its_own_name(world, as_, plan):
    assert as_(world.ben).get(f"/files/{plan.pk}/other.bin").status_code == 404


def test_a_lost_file_is_not_found(world, as_, plan):
    stored_file.remove([plan.key])
    assert as_(world.ben).get(address(plan)).status_code == 404


def test_sending_twice_stores_one_copy(world, as_, files):
    ana, key = as_(world.ana), uuid4()
    for _ in range(2):
        answer = attach(ana, world.plans, (picture(), "photo.jpg"), client_key=key)
        assert answer.url.endswith(f"#m{Message.objects.get().pk}")
    assert Attachment.objects.count() == 1
    assert len([path for path in files.rglob("*") if path.is_file()]) == 3


def test_a_reused_key_returns_the_text_and_stores_no_file(world, as_, files):
    ana, key = as_(world.ana), uuid4()
    attach(ana, world.plans, content="first", client_key=key)
    answer = attach(ana, world.plans, (b"x", "x.txt"), content="second", client_key=key)
    assert answer.status_code == 409
    assert "second" in answer.content.decode()
    assert not any(path.is_file() for path in files.rglob("*"))


def test_people_who_may_not_write_store_no_file(world, as_, files):
    assert attach(as_(world.olga), world.town, (b"x", "x.txt")).status_code == 403
    assert attach(as_(world.olga), world.plans, (b"x", "x.txt")).status_code == 404
    assert not any(path.is_file() for path in files.rglob("*"))


def test_errors_name_the_refused_files_and_return_the_text(world, as_, monkeypatch):
    ana = as_(world.ana)
    page = ana.get(f"/c/{world.plans.pk}/").content.decode()
    assert "Up to 10, 25 MB each, 100 MB in total." in page
    answer = attach(
        ana,
        world.plans,
        (b"x" * (MAX_FILE_BYTES + 1), "huge.zip"),
        (b"", "nothing.txt"),
        (b"x", "x.txt"),
        content="words",
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    for words in ("huge.zip is larger than 25 MB.", "nothing.txt is empty.", ">\nwords</textarea>", "Choose the files"):
        assert words in page
    assert "x.txt" not in page
    answer = attach(ana, world.plans, *[(b"x", f"{number}.txt") for number in range(11)])
    assert "A message can have 10 files, not 11." in answer.content.decode()
    monkeypatch.setattr("conversations.forms.files.MAX_MESSAGE_BYTES", 3_000_000)
    answer = attach(ana, world.plans, (b"x" * 2_000_000, "1"), (b"x" * 2_000_000, "2"))
    assert "These files are 4 MB in total. A message can have 3 MB." in answer.content.decode()
    assert not Message.objects.exists()


def test_uploads_are_rate_limited(world, as_, settings):
    settings.LIMITS = True
    ana = as_(world.ana)
    statuses = [attach(ana, world.plans, (b"x", "x.txt")).status_code for _ in range(limits.RATES["upload"].burst + 1)]
    assert statuses[-2:] == [302, 429]
    assert attach(ana, world.plans, content="words").status_code == 302


def test_each_file_of_a_message_counts(world, as_, settings, monkeypatch):
    settings.LIMITS = True
    monkeypatch.setitem(limits.RATES, "attach", limits.Rate(5, 60))
    ana, three = as_(world.ana), [(b"x", f"{number}.txt") for number in range(3)]
    assert [attach(ana, world.plans, *three).status_code for _ in range(2)] == [302, 429]
    assert attach(as_(world.ben), world.plans, *three).status_code == 302


def test_text_that_is_too_long_can_be_sent_as_a_file(world, as_):
    ana, words = as_(world.ana), "All of it.\r\n" * 1000
    fields = {"client_key": uuid4(), "content": words}
    answer = ana.post(f"/c/{world.plans.pk}/messages/", fields)
    assert answer.status_code == 422
    assert 'name="as_file"' in answer.content.decode()
    assert ana.post(f"/c/{world.plans.pk}/messages/", fields | {"as_file": "yes"}).status_code == 302
    attachment = Attachment.objects.get()
    assert (attachment.name, attachment.message.content) == ("message.txt", "")
    assert body(ana.get(address(attachment))).decode() == words.replace("\r\n", "\n")


def test_text_refused_as_a_file_is_returned(world, as_, settings):
    settings.LIMITS = True
    ana, words = as_(world.ana), "All of it. " * 1000
    for _ in range(limits.RATES["upload"].burst):
        attach(ana, world.plans, (b"x", "x.txt"))
    answer = ana.post(f"/c/{world.plans.pk}/messages/", {"client_key": uuid4(), "content": words, "as_file": "yes"})
    assert answer.status_code == 429
    assert words in answer.content.decode()


def test_scripts_receive_a_one_line_error(world, as_):
    fields = {"client_key": uuid4(), "content": "words", "files": upload(b"", "nothing.txt")}
    answer = as_(world.ana).post(f"/c/{world.plans.pk}/messages/", fields, headers={"X-Requested-With": "fetch"})
    assert (answer.status_code, answer.content.decode()) == (422, "nothing.txt is empty.")


def test_removing_a_file_removes_its_thumbnails(world, as_, photo, files):
    assert Attachment.objects.keys_of(Message.objects.all()) == [photo.key]
    assert stored_file.count([photo.key]) == 3
    stored_file.remove([photo.key])
    assert stored_file.count([photo.key]) == 0
    assert not any(path.is_file() for path in files.rglob("*"))


@pytest.mark.parametrize("with_words", [True, False])
def test_files_are_deleted_and_restored_with_the_messages_of_an_account(world, as_, photo, with_words):
    boss, ben = UserFactory(role="owner"), as_(world.ben)
    delete_account(boss, world.ana, with_words)
    assert ben.get(address(photo)).status_code == (404 if with_words else 200)
    world.ana.refresh_from_db()
    restore_account(boss, world.ana)
    assert body(ben.get(address(photo))) == body(as_(world.ana).get(address(photo)))


def test_after_signing_in_again_text_is_restored_and_files_must_be_chosen_again(client, world):
    world.ana.set_password("correct horse battery")
    world.ana.save()
    page = attach(client, world.town, (b"x", "x.txt"), content="words").content.decode()
    assert "Your files were not saved. Choose them again." in page
    unsent = re.search(r'name="unsent" value="([^"]+)"', page)[1]
    client.post("/accounts/login/", {"login": "ana", "password": "correct horse battery", "unsent": unsent})
    assert ">\nwords</textarea>" in client.get(f"/c/{world.town.pk}/").content.decode()


def test_the_text_of_a_message_with_files_can_be_removed(world, as_, files):
    attach(as_(world.ana), world.plans, (b"x", "x.txt"), content="look")
    message = Message.objects.get()
    assert as_(world.ana).post(f"/m/{message.pk}/edit/", {"content": ""}).status_code == 302
    page = as_(world.ben).get(f"/c/{world.plans.pk}/").content.decode()
    assert "look" not in page.split('id="main"')[1]
    assert "x.txt" in page


def test_files_orphaned_by_a_database_error_are_swept_later(world, files):
    with pytest.raises(DatabaseError), Attachment.objects.storing(world.ana, [upload(b"x", "x")], [""]):
        raise DatabaseError("the connection is lost")
    orphan = next(path for path in files.rglob("*") if path.is_file())
    message = say(world.plans, world.ana, "words")
    stored = Attachment.objects.store(upload(picture(), "p.jpg"))
    stored.message = message
    stored.save()
    assert Attachment.objects.sweep().aside == 0, "its message may be about to be posted"
    for path in files.rglob("*"):
        os.utime(path, (time.time() - 90_000,) * 2)
    assert Attachment.objects.sweep().aside == 1
    assert not orphan.exists()
    assert stored_file.count([stored.key]) == 3


def test_stored_files_are_private_to_the_operating_system_user():
    from chatsite import settings as real

    options = real.STORAGES["files"]["OPTIONS"]
    assert (options["file_permissions_mode"], options["directory_permissions_mode"]) == (0o600, 0o700)
    assert storages["files"].location
