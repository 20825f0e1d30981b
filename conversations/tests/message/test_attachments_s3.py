"""Attachments stored in S3, as configured by FILES_URL."""

from uuid import uuid4

import pytest
from environs import Env

from chatsite.environment import read_files
from conversations.models import Attachment, Message
from conversations.models.attachment import stored_file
from conversations.tests.message.pictures import noise, picture, upload
from conversations.tests.message.s3 import bucket

pytestmark = pytest.mark.django_db


@pytest.fixture
def objects(settings, monkeypatch):
    with bucket() as (url, there):
        monkeypatch.setenv("FILES_URL", url)
        storage = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": read_files(Env())}
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
    assert Attachment.objects.sweep() == 1, "every file here dates from 1970"
    assert list(objects) == [stored.key]
    assert orphan.key not in objects
