"""Attachments stored in S3, as configured by FILES_URL."""

import socket
import time
from contextlib import suppress
from uuid import uuid4

import pytest
from botocore.config import Config
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.utils import timezone
from environs import Env

from chatsite.environment import read_files
from chatsite.files.remote import RemoteStorage
from chatsite.files.unavailable import FilesRefused, FilesUnavailable
from conversations.models import Attachment, Message
from conversations.models.attachment import stored_file
from conversations.models.attachment.file_store import MARKER
from conversations.tests.message.pictures import noise, picture, upload
from conversations.tests.message.s3 import bucket

pytestmark = pytest.mark.django_db


@pytest.fixture
def objects(settings, monkeypatch):
    with bucket() as (url, there):
        monkeypatch.setenv("FILES_URL", url)
        storage = {"BACKEND": "chatsite.files.remote.RemoteStorage", "OPTIONS": read_files(Env())}
        settings.STORAGES = settings.STORAGES | {"files": storage}
        yield there


def test_files_url_configures_the_storage(monkeypatch):
    assert read_files(Env()) is None
    monkeypatch.setenv("FILES_URL", "s3://my%2Fkey:my%40secret@s3.example.org:9000/files?region=eu-1")
    options = read_files(Env())
    assert options.pop("client_config").signature_version == "s3v4"
    assert options == {
        "endpoint_url": "https://s3.example.org:9000",
        "access_key": "my/key",
        "secret_key": "my@secret",
        "bucket_name": "files",
        "region_name": "eu-1",
        "file_overwrite": True,
        "max_memory_size": 1_000_000,
    }


def test_files_are_stored_served_and_removed(world, as_, objects):
    files = [upload(noise(3_000_000), "plan.bin"), upload(picture(), "house.jpg")]
    with Attachment.objects.storing(world.ana, files, ["", ""]) as attachments:
        world.plans.post(world.ana, "", uuid4(), attachments=attachments)
    assert len(objects) == 4
    plan, house = Attachment.objects.order_by("position")
    ben = as_(world.ben)
    answer = ben.get(f"/files/{plan.pk}/plan.bin")
    assert b"".join(answer.streaming_content) == noise(3_000_000)
    assert answer.on_disk is None
    answer = ben.get(f"/files/{plan.pk}/plan.bin", headers={"Range": "bytes=2999990-"})
    assert b"".join(answer.streaming_content) == noise(3_000_000)[-10:]
    assert ben.get(f"/files/{house.pk}/small/").status_code == 200
    assert as_(world.olga).get(f"/files/{plan.pk}/plan.bin").status_code == 404
    keys = Attachment.objects.keys_of(Message.objects.all())
    stored_file.remove(keys)
    assert (objects, stored_file.count(keys)) == ({}, 0)
    assert ben.get(f"/files/{plan.pk}/plan.bin").status_code == 404


def test_orphaned_files_are_swept(world, objects):
    orphan = Attachment.objects.store(upload(b"x", "x"))
    stored = Attachment.objects.store(upload(b"x", "x"))
    world.plans.post(world.ana, "", uuid4(), attachments=[stored])
    assert Attachment.objects.sweep().aside == 1, "every file here dates from 1970"
    name = orphan.key.partition("/")[2]
    assert set(objects) == {MARKER, stored.key, f"aside/{timezone.now().date()}/{name}"}
    assert Attachment.objects.sweep().aside == 0


def test_a_server_that_hangs_is_asked_only_once_in_a_while(settings, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("FILES_URL", f"s3+http://key:secret@127.0.0.1:{server.getsockname()[1]}/files")
        options = read_files(Env())
        assert (options["client_config"].connect_timeout, options["client_config"].read_timeout) == (3, 5)
        options["client_config"] = options["client_config"].merge(Config(connect_timeout=0.1, read_timeout=0.2))
        storage = RemoteStorage(**options)
        for _ in range(3):
            with pytest.raises(FilesUnavailable):
                storage.size("ab/ab")
        assert asked(server) == 2, "one request and its repeat, not three"
        monkeypatch.setattr(storage.breaker, "next_try_at", 0)
        with pytest.raises(FilesUnavailable):
            storage.exists("ab/ab")
        assert asked(server) == 2, "after a few seconds it is tried again"


def asked(server):
    server.settimeout(0.2)
    count = 0
    with suppress(TimeoutError):
        while True:
            server.accept()[0].close()
            count += 1
    return count


def test_a_server_that_answers_again_is_used_again(objects):
    storage = storages["files"]
    storage.save("ab/ab", ContentFile(b"x"))
    storage.breaker.has_failed, storage.breaker.next_try_at = True, time.monotonic() + 60
    with pytest.raises(FilesUnavailable):
        storage.size("ab/ab")
    storage.breaker.next_try_at = 0
    assert storage.size("ab/ab") == 1
    assert storage.size("ab/ab") == 1


def test_a_missing_bucket_is_named(objects, settings):
    settings.STORAGES["files"]["OPTIONS"]["bucket_name"] = "another"
    with pytest.raises(FilesRefused, match="NoSuchBucket"):
        RemoteStorage(**settings.STORAGES["files"]["OPTIONS"]).save("ab/ab", ContentFile(b"x"))


def test_only_files_fail_while_their_server_is_away(world, as_, objects):
    stored = Attachment.objects.store(upload(b"x", "x.txt"))
    world.plans.post(world.ana, "look", uuid4(), attachments=[stored])
    storages["files"].breaker.has_failed, storages["files"].breaker.next_try_at = True, time.monotonic() + 60
    ana = as_(world.ana)
    ana.raise_request_exception = False
    assert ana.get(f"/c/{world.plans.pk}/").status_code == 200
    answer = ana.get(f"/files/{stored.pk}/x.txt")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    form = {"content": "these words", "client_key": uuid4(), "files": upload(b"y", "y.txt")}
    answer = ana.post(f"/c/{world.plans.pk}/messages/", form, headers={"Accept": "text/html"})
    assert answer.status_code == 503
    assert "these words" in answer.content.decode()
    assert "Files are unavailable right now" in answer.content.decode()
    with pytest.raises(CommandError, match="are unavailable"):
        call_command("purge")
