"""Transient errors: the page says when to try again and returns what was typed; connections notice dead machines."""

from uuid import uuid4

import pytest
from django.db import OperationalError
from psycopg import errors

from chatsite.postgres import database
from conversations.models import Conversation

BUSY = (errors.LockNotAvailable, errors.QueryCanceled, errors.DeadlockDetected, errors.SerializationFailure)
UNAVAILABLE = (errors.AdminShutdown, errors.TooManyConnections, errors.ReadOnlySqlTransaction)


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        *((cause, "very busy right now") for cause in BUSY),
        *((cause, "database is unavailable right now") for cause in UNAVAILABLE),
        (errors.DiskFull, "The disk is full"),
    ],
)
@pytest.mark.django_db
def test_a_message_that_could_not_be_written_is_returned(world, as_, monkeypatch, cause, words):
    def fail(*_, **__):
        raise OperationalError("it failed") from cause("it failed")

    monkeypatch.setattr(Conversation, "post", fail)
    client = as_(world.ana)
    client.raise_request_exception = False
    form = {"content": "these words", "client_key": uuid4()}
    answer = client.post(f"/c/{world.plans.pk}/messages/", form, headers={"Accept": "text/html"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert words in answer.content.decode()
    assert "these words" in answer.content.decode()


@pytest.mark.django_db
def test_a_mistake_is_still_ours(world, as_, monkeypatch):
    monkeypatch.setattr(Conversation, "post", lambda *_, **__: 1 / 0)
    client = as_(world.ana)
    client.raise_request_exception = False
    form = {"content": "these words", "client_key": uuid4()}
    assert client.post(f"/c/{world.plans.pk}/messages/", form).status_code == 500


def test_connections_have_time_limits_unless_the_url_has_its_own():
    url = "postgresql://ana@db.example.org/chat"
    options = database.described_by(f"{url}?connect_timeout=7&sslmode=require", 2)["OPTIONS"]
    assert options.pop("connect_timeout") in (7, "7")
    assert options == database.TCP | {"sslmode": "require"}
    assert database.described_by(url, 2)["OPTIONS"]["connect_timeout"] == 2
    assert database.POOL["reconnect_timeout"] == 2
