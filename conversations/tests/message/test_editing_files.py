"""An edit can add files to a message and remove some."""

import pytest
from django.core.files.storage import storages

from conversations.models import Attachment
from conversations.models.attachment import attachment as limits
from conversations.tests.factories import say
from conversations.tests.message.pictures import picture, upload
from conversations.tests.message.test_attachments import attach


@pytest.fixture
def note(world, as_, files):
    """A message of Ana with two files."""
    attach(as_(world.ana), world.plans, (b"one", "one.txt"), (picture(), "two.jpg"), content="See these")
    return world.plans.messages.get(is_system=False)


def edit(client, message, content="See these", added=(), **form):
    files = [upload(*file) for file in added]
    return client.post(f"/m/{message.pk}/edit/", {"content": content, "files": files, **form})


def names(message):
    return list(message.own_files().values_list("name", flat=True))


def test_an_edit_adds_and_removes_files(world, as_, note, django_capture_on_commit_callbacks):
    ana, ben = as_(world.ana), as_(world.ben)
    one, two = note.own_files()
    form = ana.get(f"/m/{note.pk}/edit/").content.decode()
    assert f'name="remove" value="{one.pk}"' in form
    with django_capture_on_commit_callbacks(execute=True):
        assert edit(ana, note, added=[(b"three", "three.txt")], remove=[one.pk]).status_code == 302
    assert names(note) == ["two.jpg", "three.txt"]
    page = ben.get(f"/c/{note.conversation_id}/").content.decode()
    assert "three.txt" in page
    assert "one.txt" not in page
    assert "(edited)" in page
    assert ben.get(f"/files/{one.pk}/one.txt").status_code == 404
    assert not storages["files"].exists(one.key), "it is gone at once"
    assert storages["files"].exists(two.key)
    assert ben.get("/search/?q=three.txt").content.decode().count("three.txt") > 1
    history = ben.get(f"/m/{note.pk}/history/").content.decode()
    assert history.index("one.txt, two.jpg") < history.index("two.jpg, three.txt")


def test_an_edit_of_the_words_says_nothing_about_files(world, as_, note):
    edit(as_(world.ana), note, content="Look")
    assert [text.file_names for text in note.earlier_texts.all()] == [None]
    assert names(note) == ["one.txt", "two.jpg"]


def test_a_message_gets_its_first_file_by_an_edit(world, as_, files):
    message = say(world.plans, world.ana, "The plan")
    edit(as_(world.ana), message, content="", added=[(b"x", "plan.txt")])
    assert "plan.txt" in as_(world.ben).get(f"/c/{world.plans.pk}/").content.decode()
    assert "without files" in as_(world.ben).get(f"/m/{message.pk}/history/").content.decode()


def test_something_of_a_message_has_to_remain(world, as_, note):
    everything = [file.pk for file in note.own_files()]
    answer = edit(as_(world.ana), note, content="", remove=everything)
    assert answer.status_code == 422
    assert "Write something first." in answer.content.decode()
    assert names(note) == ["one.txt", "two.jpg"]


def test_only_files_of_the_message_can_be_removed(world, as_, note):
    attach(as_(world.ana), world.plans, (b"other", "other.txt"))
    other = Attachment.objects.get(name="other.txt")
    assert edit(as_(world.ana), note, remove=[other.pk]).status_code == 422
    note.edit(world.ana, "See", removed=[other.pk])
    assert Attachment.objects.filter(pk=other.pk).exists()
    assert edit(as_(world.ben), note, remove=[note.own_files()[0].pk]).status_code == 403
    assert names(note) == ["one.txt", "two.jpg"]


def test_a_message_has_at_most_so_many_files_however_it_got_them(world, as_, note, files, monkeypatch):
    monkeypatch.setattr("conversations.models.message.editable.MAX_FILES", 2)
    before = {path for path in files.rglob("*") if path.is_file()}
    answer = edit(as_(world.ana), note, added=[(b"three", "three.txt")])
    assert answer.status_code == 422
    assert "A message can have 2 files, not 3." in answer.content.decode().replace(str(limits.MAX_FILES), "2")
    assert {path for path in files.rglob("*") if path.is_file()} == before, "nothing is left of the refused file"
    one = note.own_files()[0]
    assert edit(as_(world.ana), note, added=[(b"three", "three.txt")], remove=[one.pk]).status_code == 302
    assert names(note) == ["two.jpg", "three.txt"]


def test_an_edit_of_a_deleted_message_changes_no_files(world, as_, note):
    note.delete_by(world.ana)
    assert edit(as_(world.ana), note, added=[(b"three", "three.txt")]).status_code == 404
    assert names(note) == ["one.txt", "two.jpg"]
