"""Sweeping: files that belong to nothing are set aside for 30 days, and files of another database never touched."""

import os
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.utils import timezone

from conversations.models import Attachment
from conversations.models.attachment import file_store, stored_file, sweeping
from conversations.models.attachment.file_store import MARKER, ForeignStore
from conversations.models.attachment.sweeping import MAX_OF_FEW, TooManyOrphans
from conversations.tests.factories import say
from conversations.tests.message.pictures import picture, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]


def store(content=b"half sent", name="half.txt"):
    """Store a file two days ago, without a message."""
    attachment = Attachment.objects.store(upload(content, name))
    for name in stored_file.names_of([attachment.key]):
        if storages["files"].exists(name):
            os.utime(storages["files"].path(name), (timezone.now().timestamp() - 180_000,) * 2)
    return attachment


def attach(attachment, message):
    attachment.message = message
    attachment.save()


def belongs_to_another_database():
    storages["files"].delete(MARKER)
    storages["files"].save(MARKER, ContentFile(b"0123456789abcdef\n"))


def files():
    return {str(path.relative_to(root)) for root in [storages["files"].base_location] for path in root.rglob("*.*")}


def test_sweeping_an_empty_storage_deletes_nothing():
    assert Attachment.objects.sweep().aside == 0


def test_orphans_are_set_aside_with_their_thumbnails_and_deleted_30_days_later(world, monkeypatch, capsys):
    orphan = store(picture(), "p.jpg")
    call_command("purge")
    assert "1 file of no message set aside for 30 days" in capsys.readouterr().out
    assert stored_file.count([orphan.key]) == 0
    [day] = sweeping.days_aside()
    assert len(sweeping.names_aside(day)) == 3
    now = timezone.now()
    monkeypatch.setattr(sweeping.timezone, "now", lambda: now + timedelta(days=30))
    assert Attachment.objects.sweep().deleted == 0
    monkeypatch.setattr(sweeping.timezone, "now", lambda: now + timedelta(days=31))
    assert Attachment.objects.sweep().deleted == 1
    assert sweeping.days_aside() == []


def test_a_file_that_a_message_names_again_is_restored(world):
    attachment = store(picture(), "p.jpg")
    assert Attachment.objects.sweep().aside == 1
    attach(attachment, say(world.plans, world.ana, "restored"))
    assert Attachment.objects.sweep().restored == 1
    assert stored_file.count([attachment.key]) == 3


def test_a_sweep_that_would_take_more_than_one_percent_refuses(world, capsys):
    for number in range(MAX_OF_FEW + 1):
        store(b"%d" % number)
    with pytest.raises(TooManyOrphans):
        Attachment.objects.sweep()
    with pytest.raises(CommandError, match="11 of 11 files belong to no message: is this the right database"):
        call_command("purge")
    assert sweeping.days_aside() == []
    call_command("purge", sweep=True)
    assert "11 files of no message set aside" in capsys.readouterr().out


def test_one_percent_of_many_files_is_swept(monkeypatch):
    monkeypatch.setattr(sweeping, "MAX_OF_FEW", 0)
    store()
    with pytest.raises(TooManyOrphans):
        Attachment.objects.sweep()
    monkeypatch.setattr(sweeping, "MAX_SHARE", 1)
    assert Attachment.objects.sweep().aside == 1


@pytest.mark.django_db(transaction=True)
def test_a_copy_purges_nothing_of_the_files_of_the_original(world):
    message = say(world.plans, world.ana, "a password")
    attach(store(), message)
    unknown_to_the_copy = store()
    assert file_store.is_ours(), "the first to ask owns the files"
    belongs_to_another_database()
    message.delete_by(world.ana)
    for options in ({}, {"message": message.pk}, {"sweep": True}):
        with pytest.raises(CommandError, match="belong to another database"):
            call_command("purge", **options)
    with pytest.raises(ForeignStore):
        Attachment.objects.sweep()
    assert stored_file.count([unknown_to_the_copy.key, *Attachment.objects.keys_of([message.pk])]) == 2
    call_command("purge", message=message.pk, adopt_files=True)
    assert file_store.is_ours()
    assert not world.plans.messages.filter(pk=message.pk).exists()


def test_what_a_full_disk_had_room_for_is_removed_and_said(world, as_, monkeypatch):
    save = storages["files"].save

    def fail(name, content):
        save(name, ContentFile(b"half"))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storages["files"], "save", fail)
    client = as_(world.ana)
    client.raise_request_exception = False
    form = {"content": "these words", "client_key": uuid4(), "files": upload(b"x", "x.txt")}
    answer = client.post(f"/c/{world.plans.pk}/messages/", form, headers={"Accept": "text/html"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "The disk is full" in answer.content.decode()
    assert "these words" in answer.content.decode()
    assert list(stored_file.keys_by_folder()) in ([], [set()])
