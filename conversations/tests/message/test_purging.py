"""Purging: deleted messages are removed permanently, and nothing of them remains anywhere."""

import os
import subprocess
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Audit
from chatsite.jobs.declaring import schedules
from chatsite.postgres.cluster import BINARIES
from conversations.jobs import purge
from conversations.models import Attachment, Conversation, Message
from conversations.models.attachment import stored_file
from conversations.models.purging import (
    HELD_SECONDS,
    MAX_BATCH_MESSAGES,
    MIN_BATCH_MESSAGES,
    Purged,
    next_size,
    purge_conversation,
)
from conversations.models.search.vocabulary import SearchWord
from conversations.tests.factories import history, say
from conversations.tests.message.pictures import picture, upload

WORD = "xylophone"


def dump():
    """Dump the database, as an administrator would, and append all files."""
    ours = connection.get_connection_params()
    access = {"PGHOST": ours["host"], "PGUSER": ours["user"], "PGPASSWORD": ours["password"]}
    access["PGPORT"] = str(ours.get("port") or 5432)
    done = subprocess.run(
        [BINARIES / "pg_dump", ours["dbname"]], env=os.environ | access, capture_output=True, check=True
    )
    files = [path for path in storages["files"].base_location.rglob("*") if path.is_file()]
    return done.stdout + b"".join(path.read_bytes() + path.name.encode() for path in files)


def long_ago():
    Message.objects.filter(deleted_at__isnull=False).update(deleted_at=timezone.now() - timedelta(days=31))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("files")
def test_after_a_purge_no_dump_contains_the_text_or_a_file(world, as_, capsys):
    ana, ben, plans = as_(world.ana), as_(world.ben), world.plans
    key = uuid4()
    ana.post(f"/c/{plans.pk}/draft/", {"words": f"the {WORD}", "client_key": key})
    files = [upload(picture(), f"{WORD}.jpg"), upload(f"bring the {WORD}".encode(), "notes.txt")]
    data = {"content": f"the {WORD} @ben", "client_key": key, "files": files, "description": [f"my {WORD}", ""]}
    ana.post(f"/c/{plans.pk}/messages/", data)
    message = plans.messages.get()
    keys = Attachment.objects.keys_of([message.pk])
    ana.post(f"/m/{message.pk}/edit/", {"content": f"the other {WORD}, @ben"})
    reply = {"content": "Which one", "client_key": uuid4(), "reply_to": message.pk, "quote": f"the other {WORD}"}
    ben.post(f"/c/{plans.pk}/messages/", reply)
    for verb, fields in (("pin", {"reason": "music", "sure": 1}), ("save", {}), ("reactions", {"emoji": "🎵"})):
        ben.post(f"/m/{message.pk}/{verb}/", fields)
    held = dump()
    assert held.count(WORD.encode()) >= 5, "there is something to purge"
    assert f"my {WORD}".encode() in held, "the description of a picture as well"
    assert stored_file.count(keys) >= 4

    ana.post(f"/m/{message.pk}/delete/")
    call_command("purge")
    assert WORD.encode() in dump(), "nothing is purged too early"
    long_ago()
    capsys.readouterr()
    call_command("purge")
    output = capsys.readouterr().out
    assert "1 message and 2 files permanently removed" in output
    assert "Checked" in output
    found = dump()
    assert WORD.encode() not in found
    assert not [each for each in keys if each.encode() in found or each.partition("/")[2].encode() in found]
    assert b"Which one" in found, "messages of others remain"
    assert "Which one" in ben.get(f"/c/{plans.pk}/").content.decode()
    assert Audit.objects.newest_first()[0].action == "purged"


def test_the_nightly_job_purges_what_is_due_but_no_orphaned_files(world, files):
    old, new = say(world.plans, world.ana, "a password"), say(world.plans, world.ana, "words")
    old.delete_by(world.ana)
    long_ago()
    new.delete_by(world.ana)
    orphan = Attachment.objects.store(upload(b"half sent", "half.txt"))
    os.utime(storages["files"].path(orphan.key), (0, 0))
    purge.call()
    assert list(Message.objects.all()) == [new]
    assert not storages["files"].exists(orphan.key)
    assert schedules[purge.module_path] == "17 3 * * *"


def test_the_nightly_job_fails_where_something_remains(world, monkeypatch):
    say(world.plans, world.ana, "old").delete_by(world.ana)
    long_ago()
    monkeypatch.setattr("conversations.models.purging.count_remaining", lambda ids, keys: len(ids))
    with pytest.raises(RuntimeError, match="1 rows or files of purged messages remain"):
        purge.call()


def test_one_message_is_purged_at_once_only_if_it_is_deleted(world, capsys):
    message, other = say(world.plans, world.ana, "a password"), say(world.plans, world.ana, "words")
    with pytest.raises(CommandError, match="delete it first"):
        call_command("purge", message=message.pk)
    message.delete_by(world.ana)
    other.delete_by(world.ana)
    call_command("purge", message=message.pk)
    assert list(Message.objects.all()) == [other]
    with pytest.raises(CommandError, match="no message"):
        call_command("purge", message=message.pk)


def test_clients_that_missed_a_purged_deletion_reload(world, as_):
    message = say(world.plans, world.ana, "secret")
    known = world.plans.messages.get().revision
    message.delete_by(world.ana)
    long_ago()
    call_command("purge")
    assert as_(world.ben).get(f"/c/{world.plans.pk}/changes/?after={known}").status_code == 410


def test_a_message_restored_while_a_purge_waits_remains(world, as_, monkeypatch, capsys):
    message, other = say(world.plans, world.ana, "a password"), say(world.plans, world.ana, "words")
    for each in (message, other):
        each.delete_by(world.ana)
    long_ago()
    changing = Conversation.changing

    def restore_first(conversation):
        monkeypatch.undo()
        message.restore_by(None)
        return changing(conversation)

    monkeypatch.setattr(Conversation, "changing", restore_first)
    call_command("purge")
    assert "1 message and 0 files permanently removed" in capsys.readouterr().out
    assert list(world.plans.messages.all()) == [message]
    assert "a password" in as_(world.ben).get(f"/c/{world.plans.pk}/").content.decode()


@pytest.mark.parametrize("words", [[], ["said in it"]])
def test_a_conversation_restored_while_a_purge_waits_remains(world, words):
    garden = Conversation.objects.start(world.ana, "Garden", "private")
    for each in words:
        say(garden, world.ana, each)
    garden.delete_by(world.ana)
    found = Conversation.objects.get(pk=garden.pk)
    garden.restore_by(world.ana)
    purge_conversation(found, Purged())
    assert [message.content for message in garden.messages.filter(is_system=False)] == words
    assert Conversation.objects.filter(pk=garden.pk).exists()
    garden.delete_by(world.ana)
    purge_conversation(Conversation.objects.get(pk=garden.pk), Purged())
    assert not Conversation.objects.filter(pk=garden.pk).exists()


def test_a_purge_removes_more_than_one_batch(world, capsys):
    history(world.plans, world.ana, [timezone.now()] * (3 * MIN_BATCH_MESSAGES))
    world.plans.messages.update(deleted_at=timezone.now() - timedelta(days=31))
    call_command("purge")
    assert not Message.objects.exists()
    assert f"{3 * MIN_BATCH_MESSAGES} messages" in capsys.readouterr().out


def test_the_next_batch_is_as_large_as_fits_into_the_time_that_others_may_wait():
    assert next_size(100, 2 * HELD_SECONDS) == 50
    assert next_size(100, HELD_SECONDS / 1.5) == 150
    assert next_size(100, 0) == 200
    assert next_size(MAX_BATCH_MESSAGES, 0) == MAX_BATCH_MESSAGES
    assert next_size(20, 100) == MIN_BATCH_MESSAGES


def test_words_are_looked_up_in_the_index_however_many_posts_wait_outside_of_it(world):
    say(world.plans, world.ana, "a word")
    with CaptureQueriesContext(connection) as queries:
        SearchWord.objects.forget_unused()
    statements = [each["sql"] for each in queries]
    assert "gin_clean_pending_list" in statements[0]
    assert "DELETE FROM search_words" in statements[1]
