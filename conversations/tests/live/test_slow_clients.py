"""Clients that do not take what they are sent: how much is held for them, and for how long."""

import socket
from datetime import UTC, datetime

import pytest

from accounts.models import Visit
from accounts.models.locale import Locale
from chatsite.trials.client.threads import run_in_thread
from conversations.live import hub as hubs
from conversations.live import watching
from conversations.live.connections import end_connection, read_progress
from conversations.live.frames import TOO_MANY
from conversations.live.hub import Hub
from conversations.live.stream import MAX_PERSON_BYTES, MAX_QUEUED_BYTES
from conversations.live.subscription import Subscription

EVENT = b"x" * 400_000


@pytest.fixture
def connection():
    """A connection on this machine: the client's end, the server's end, and the client's address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        client = socket.create_connection(listening.getsockname())
        server, _ = listening.accept()
    server.setblocking(False)
    with client, server:
        host, port = client.getsockname()
        yield client, server, f"{host}:{port}"


def subscription(person=1):
    return Subscription(Visit(person, "key", ""), Locale("en", "UTC"), {}, {}, [], datetime.now(UTC))


def given(stream):
    """Move what is queued to the server, as the server does at once."""
    stream.given += stream.size
    stream.frames.clear()
    stream.size = 0


def fill(server):
    """Send as much as the kernel takes."""
    sent = 0
    try:
        while True:
            sent += server.send(EVENT)
    except BlockingIOError:
        return sent


def test_the_kernel_knows_what_a_client_has_taken(connection):
    client, server, address = connection
    assert read_progress({address: None})[address].pending == 0
    sent = fill(server)
    progress = read_progress({address: None})[address]
    assert progress.pending > 0
    assert progress.acknowledged + progress.pending == sent
    assert progress.descriptor == server.fileno()
    received = 0
    while received < sent:
        received += len(client.recv(1_000_000))
    assert read_progress({address: progress.descriptor})[address].pending == 0
    assert read_progress({"127.0.0.1:1": None}) == {}


def test_ending_a_connection_ends_only_the_one_of_that_client(connection):
    client, server, address = connection
    end_connection("127.0.0.1:1", server.fileno())
    server.send(b"still here")
    assert client.recv(100) == b"still here"
    end_connection(address)
    assert client.recv(100) == b""


def test_one_person_can_not_have_more_held_than_their_share_in_all_streams_together(settings):
    settings.LIMITS = True
    hub = Hub()
    streams = [hub.welcome(subscription(), f"127.0.0.1:{port}", is_shared=False) for port in range(1, 21)]
    for _ in range(10):
        for stream in streams:
            stream.push(EVENT)
            given(stream)
    held = sum(stream.untaken for stream in streams)
    assert MAX_PERSON_BYTES - len(EVENT) < held <= MAX_PERSON_BYTES
    assert all(stream.has_ended for stream in streams), "they must reconnect"
    again = hub.welcome(subscription(), "127.0.0.1:99", is_shared=False)
    again.push(EVENT)
    assert again.has_ended, "what ended streams still hold counts as well"
    other = hub.welcome(subscription(person=2), "127.0.0.1:100", is_shared=False)
    other.push(EVENT)
    assert not other.has_ended


def test_a_slow_queue_ends_its_stream_alone():
    hub = Hub()
    slow, quick = (hub.welcome(subscription(), f"127.0.0.1:{port}", is_shared=False) for port in (1, 2))
    for _ in range(MAX_QUEUED_BYTES // len(EVENT) + 1):
        slow.push(EVENT)
    quick.push(EVENT)
    assert (slow.has_ended, quick.has_ended) == (True, False)
    assert quick.held.bytes == quick.size, "nothing of the other is held any longer"


def look(hub, monkeypatch, times=1):
    async def run():
        for _ in range(times):
            await hub.watch.check()

    monkeypatch.setattr(watching, "WATCH_SECONDS", 0)
    run_in_thread(run())


def test_what_a_client_takes_is_no_longer_held(connection, monkeypatch):
    client, server, address = connection
    hub = Hub()
    stream = hub.welcome(subscription(), address, is_shared=False)
    stream.push(EVENT)
    given(stream)
    server.send(EVENT[:100])
    client.recv(1000)
    look(hub, monkeypatch, 2)
    assert (stream.untaken, stream.held.bytes) == (0, 0)
    assert hub.watch.is_measured(stream)
    stream.push(EVENT)
    given(stream)
    fill(server)
    look(hub, monkeypatch)
    assert stream.untaken == len(EVENT), "nobody has taken it"


def test_a_client_that_takes_nothing_is_ended(connection, monkeypatch):
    _client, server, address = connection
    hub = Hub()
    stream = hub.welcome(subscription(), address, is_shared=False)
    stream.push(EVENT)
    given(stream)
    fill(server)
    look(hub, monkeypatch, 3)
    assert not stream.has_ended, "it has a while"
    monkeypatch.setattr(watching, "MAX_STALLED_SECONDS", 0)
    look(hub, monkeypatch)
    assert stream.has_ended
    assert stream.held.bytes == 0
    with pytest.raises(OSError, match="Broken pipe"):
        server.send(b"more")


def test_a_stream_that_left_its_client_with_something_to_take_is_still_counted(connection, monkeypatch):
    client, server, address = connection
    hub = Hub()
    stream = hub.welcome(subscription(), address, is_shared=False)
    stream.push(EVENT)
    given(stream)
    fill(server)
    hub.leave(stream)
    look(hub, monkeypatch, 2)
    assert stream.held.bytes == stream.given - stream.taken > 0
    server.close()
    client.close()
    look(hub, monkeypatch)
    assert stream.held.bytes == 0
    assert not hub.watch.streams


def test_the_oldest_of_too_many_streams_of_a_person_ends(settings):
    settings.LIMITS = True
    hub = Hub()
    streams = [
        hub.welcome(subscription(), f"127.0.0.1:{port}", is_shared=False)
        for port in range(1, hubs.MAX_STREAMS_PER_PERSON + 2)
    ]
    assert [stream.has_ended for stream in streams] == [True] + [False] * hubs.MAX_STREAMS_PER_PERSON
    assert streams[0].frames[-1] == TOO_MANY
    assert not hub.welcome(subscription(person=2), "127.0.0.1:99", is_shared=False).has_ended
