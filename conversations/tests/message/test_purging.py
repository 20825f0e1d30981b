"""Purging: deleted messages are removed permanently, and nothing of them remains anywhere."""

import os
import subprocess
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Audit
from accounts.models.limits import unlimited
from chatsite.jobs.declaring import schedules
from chatsite.postgres.cluster import BINARIES
from conversations.jobs import purge
from conversations.models import Attachment, Conversation, Message, purging
from conversations.models.attachment import stored_file
from conversations.models.message.message import MessageQuerySet
from conversations.models.purging import BATCH_MESSAGES, BATCH_REPLIES, Purged, purge_conversation
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


def test_the_nightly_job_purges_what_is_due_and_sets_orphaned_files_aside(world, files):
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
    expire = purging.expire_cursors

    def restore_first(*arguments):
        monkeypatch.undo()
        message.restore_by(None)
        expire(*arguments)

    monkeypatch.setattr(purging, "expire_cursors", restore_first)
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
    history(world.plans, world.ana, [timezone.now()] * (2 * BATCH_MESSAGES + 1))
    world.plans.messages.update(deleted_at=timezone.now() - timedelta(days=31))
    call_command("purge")
    assert not Message.objects.exists()
    assert f"{2 * BATCH_MESSAGES + 1} messages" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_conversation_while_rows_are_removed(world, monkeypatch):
    history(world.plans, world.ana, [timezone.now()] * 5)
    world.plans.messages.update(deleted_at=timezone.now() - timedelta(days=31))
    remove, was_free = MessageQuerySet.delete, []

    def delete(messages):
        done = remove(messages)
        with psycopg.connect(**connection.get_connection_params()) as other:  # before the commit
            lock = "SELECT revision FROM conversations WHERE id = %s FOR UPDATE NOWAIT"
            was_free.append(bool(other.execute(lock, [world.plans.pk]).fetchone()))
        return done

    monkeypatch.setattr(MessageQuerySet, "delete", delete)
    call_command("purge")
    assert was_free == [True]
    assert not Message.objects.exists()


def test_all_replies_forget_a_purged_message_and_are_shown_again_a_few_at_a_time(world):
    first = say(world.plans, world.ana, "a password")
    with unlimited():
        for _ in range(BATCH_REPLIES + 1):
            world.plans.post(world.ben, "words", uuid4(), reply_to=first, quote="password")
    first.delete_by(world.ana)
    long_ago()
    last = world.plans.messages.latest("revision").revision
    with CaptureQueriesContext(connection) as queries:
        call_command("purge")
    left = world.plans.messages.order_by("revision")
    assert {(each.reply_to_id, each.thread_id, each.quote) for each in left} == {(None, None, None)}
    assert [each.revision > last for each in left] == [True] * (BATCH_REPLIES + 1)
    assert len({each.revision for each in left}) == BATCH_REPLIES + 1
    assert len([each for each in queries if "WITH touched" in each["sql"]]) == 2


def test_words_are_looked_up_in_the_index_however_many_posts_wait_outside_of_it(world):
    say(world.plans, world.ana, "a word")
    with CaptureQueriesContext(connection) as queries:
        SearchWord.objects.forget_unused()
    statements = [each["sql"] for each in queries]
    assert "gin_clean_pending_list" in statements[0]
    assert "DELETE FROM search_words" in statements[1]
