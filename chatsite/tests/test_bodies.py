"""Request bodies: what a process holds of them, and for whom."""

import asyncio
import io
import tempfile
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from chatsite.server import bodies, unfinished
from chatsite.server.admission import Sender
from chatsite.server.unfinished import MEMORY_BYTES, RefusedBody, Unfinished
from chatsite.trials.client.threads import run_in_thread

FORM = (
    b'--x\r\nContent-Disposition: form-data; name="content"\r\n\r\nmy words\r\n'
    b'--x\r\nContent-Disposition: form-data; name="files"; filename="plan.txt"\r\n\r\n'
)
SCOPE = {"method": "POST", "path": "/c/7/messages/", "query_string": "", "http_version": "1.1", "scheme": "http"}
SCOPE |= {"server": "localhost:80", "client": "127.0.0.1:9", "authority": "localhost"}


asked = SimpleNamespace(admit=None)


async def ask(environ):
    return asked.admit(environ)


class Arriving:
    """A body that arrives in chunks; it counts how many were read."""

    def __init__(self, *chunks, then=None):
        self.chunks, self.read, self.then = chunks, 0, then

    async def __aiter__(self):
        for chunk in self.chunks:
            self.read += 1
            yield chunk
        if self.then:
            await self.then


def receive(protocol, everything=None, body=None):
    """Receive a body; return its bytes."""
    everything = everything or Unfinished()

    async def run():
        scope = SimpleNamespace(**SCOPE, headers={"content-type": "multipart/form-data; boundary=x"})
        with everything.body() as held:
            await bodies.receive(scope, protocol, file, ask, held)
            return file.read()

    with body or tempfile.SpooledTemporaryFile(MEMORY_BYTES) as file:
        return run_in_thread(run())


@pytest.fixture
def sender(monkeypatch):
    """Admit everybody as a person who may send a megabyte."""
    monkeypatch.setattr(asked, "admit", lambda environ: Sender(1, 1_000_000))


def test_small_bodies_ask_nobody(monkeypatch):
    monkeypatch.setattr(asked, "admit", None)
    assert receive(Arriving(b"a" * 30_000, b"b" * 30_000)) == b"a" * 30_000 + b"b" * 30_000


def test_permission_is_asked_before_more_than_a_small_form_is_stored(monkeypatch):
    def refuse(environ):
        raise RefusedBody(403, "no")

    monkeypatch.setattr(asked, "admit", refuse)
    protocol = Arriving(*[b"a" * 50_000] * 10)
    with tempfile.SpooledTemporaryFile(MEMORY_BYTES) as body:
        with pytest.raises(RefusedBody, match="no"):
            receive(protocol, body=nullcontext(body))
        body.seek(0)
        assert len(body.read()) <= MEMORY_BYTES
    assert protocol.read == 10, "the rest is read, else the browser shows no answer"


def test_a_large_body_arrives_whole(sender):
    assert receive(Arriving(*[b"a" * 50_000] * 20)) == b"a" * 1_000_000
    with pytest.raises(RefusedBody) as refused:
        receive(Arriving(*[b"a" * 50_000] * 21))
    assert refused.value.args[0] == 413


def test_what_is_held_is_counted_until_the_answer(sender):
    everything = Unfinished()
    receive(Arriving(*[b"a" * 50_000] * 20), everything)
    assert (everything.bytes, everything.small_bytes, everything.bodies) == (0, 0, {})


def test_a_person_sends_two_large_bodies_at_once(sender):
    everything = Unfinished()
    with everything.body() as one, everything.body() as two:
        one.belong_to(1)
        two.belong_to(1)
        with pytest.raises(RefusedBody) as refused:
            receive(Arriving(*[b"a" * 50_000] * 3), everything)
        assert refused.value.args[0] == 429
        assert refused.value.args[2], "it says when to try again"
        two.person = 2
        receive(Arriving(*[b"a" * 50_000] * 3), everything)


def test_a_person_and_a_process_hold_a_limited_number_of_bytes(monkeypatch):
    monkeypatch.setattr(unfinished, "MAX_PERSON_BYTES", 1000)
    monkeypatch.setattr(unfinished, "MAX_BYTES", 3000)
    everything = Unfinished()
    with everything.body() as one, everything.body() as two, everything.body() as three, everything.body() as four:
        for person, body in enumerate((one, two, three, four)):
            body.belong_to(person)
        with pytest.raises(RefusedBody):
            one.grow(1001)
        two.grow(1000)
        with pytest.raises(RefusedBody) as refused:
            three.grow(1000)
        assert refused.value.args[0] == 503


def test_the_oldest_bodies_that_never_end_make_room(monkeypatch):
    monkeypatch.setattr(unfinished, "MAX_SMALL_BYTES", 100_000)
    everything = Unfinished()

    async def stall():
        scope = SimpleNamespace(**SCOPE, headers={})
        protocol = Arriving(b"a" * 40_000, then=asyncio.Event().wait())
        with (
            everything.body() as held,
            tempfile.SpooledTemporaryFile(MEMORY_BYTES) as body,
        ):
            await bodies.receive(scope, protocol, body, ask, held)

    async def run():
        stalled = [asyncio.create_task(stall()) for _ in range(4)]
        done, waiting = await asyncio.wait(stalled, timeout=2)
        assert {task.exception().args[0] for task in done} == {408}
        assert set(stalled[:2]) == done, "the oldest"
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    run_in_thread(run())
    assert everything.small_bytes == 0


def test_the_fields_before_the_first_file_are_left_for_the_answer():
    with tempfile.SpooledTemporaryFile(MEMORY_BYTES) as body:
        body.write(FORM + b"a" * 100_000)
        bodies.leave_first_fields(body)
        assert body.read() == (FORM + b"a" * 100_000)[:MEMORY_BYTES]
    with tempfile.SpooledTemporaryFile(MEMORY_BYTES) as body:
        body.write(b"content=" + b"a" * 100_000)
        bodies.leave_first_fields(body)
        assert body.read() == b"", "nobody knows how the text went on"


@pytest.mark.parametrize(
    ("content_type", "line", "is_upload"),
    [
        ("multipart/form-data; boundary=x", b'filename=""', False),
        ("multipart/form-data; boundary=x", b"filename=", False),
        ("text/plain", b'filename="a"', False),
        ("multipart/form-data; boundary=x", b'filename="a"', True),
        ("Multipart/Form-Data; boundary=x", b'filename="a"', True),
        ("multipart/form-data; boundary=x", b'filename ="a"', True),
        ("multipart/form-data; boundary=x", b'filename= "a"', True),
        ("multipart/form-data; boundary=x", b"filename*=utf-8''a", True),
        ("multipart/form-data; boundary=x", b'filename*0="a"', True),
        ("multipart/form-data; boundary=x", b'filename=""a', True),
    ],
)
def test_files_never_use_the_threads_of_pages_however_their_name_is_written(content_type, line, is_upload):
    body = b'--x\r\nContent-Disposition: form-data; name="files"; ' + line + b"\r\n\r\nwords\r\n--x--\r\n"
    scope = SimpleNamespace(headers={"content-type": content_type})
    assert bodies.has_files(scope, io.BytesIO(body)) is is_upload
