"""Calls to a host on this machine, which HOOKS_MAY_CALL allows: what comes back, and when the site gives up."""

import datetime
import re
import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chatsite.outgoing.allowed import Allowed
from chatsite.outgoing.calling import Trouble, Unanswered, call


def drip(start):
    def answer(stream):
        stream.sendall(start)
        while True:
            stream.sendall(b"x: y\r\n")
            time.sleep(0.05)

    return answer


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
FOUND = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: %b\r\n\r\n"
SLOW = {
    "head": drip(b"HTTP/1.1 200 OK\r\n"),
    "body": drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"),
    "nothing": lambda stream: time.sleep(30),
}


@pytest.fixture
def host(settings):
    """Return a function that serves each connection by a function of it; yields (address, requests)."""
    open_ones = []

    def serve(answer, scheme="http", wrap=lambda connected: connected):
        listening = socket.create_server(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        requests = []

        def listen():
            while True:
                try:
                    connected, _address = listening.accept()
                except OSError:
                    return
                threading.Thread(target=talk, args=[connected], daemon=True).start()

        def talk(connected):
            with suppress(OSError), connected, wrap(connected) as stream:
                while request := receive(stream):
                    requests.append(request)
                    answer(stream)

        threading.Thread(target=listen, daemon=True).start()
        open_ones.append(listening)
        settings.HOOKS_MAY_CALL = Allowed((*settings.HOOKS_MAY_CALL.hosts, ("127.0.0.1", port)))
        return f"{scheme}://127.0.0.1:{port}/", requests

    yield serve
    for listening in open_ones:
        listening.close()


def receive(stream):
    """Read a request with its whole body."""
    request = stream.recv(65536)
    while (length := re.search(rb"Content-Length: (\d+)", request)) and length_of_body(request) < int(length[1]):
        request += stream.recv(65536)
    return request


def length_of_body(request):
    return len(request.partition(b"\r\n\r\n")[2])


def says(words):
    return lambda stream: stream.sendall(words)


@contextmanager
def unanswered(trouble):
    with pytest.raises(Unanswered) as caught:
        yield
    assert caught.value.trouble == trouble


def test_a_call_sends_what_it_is_given_and_returns_the_answer(host):
    url, requests = host(says(OK))
    answer = call("POST", url + "path?q=1", headers={"TTL": "60"}, body=b"words")
    assert (answer.status, answer.body, answer.headers["content-length"]) == (200, b"ok", "2")
    assert requests[0].startswith(b"POST /path?q=1 HTTP/1.1\r\n")
    assert requests[0].endswith(b"\r\n\r\nwords")
    lines = requests[0].lower().split(b"\r\n")
    assert b"ttl: 60" in lines
    assert b"user-agent: chatsite" in lines
    assert not any(line.startswith((b"cookie", b"authorization")) for line in lines)


def test_connections_are_used_again_and_cookies_are_not_kept(host):
    url, requests = host(says(OK.replace(b"\r\n\r\n", b"\r\nSet-Cookie: a=b; Path=/\r\n\r\n", 1)))
    for _ in range(2):
        assert call("GET", url).status == 200
    assert b"a=b" not in requests[1]


def test_a_redirect_is_an_answer_unless_the_caller_follows_it(host):
    last, _requests = host(says(OK))
    first, _requests = host(
        says(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + last.encode() + b"\r\n\r\n")
    )
    assert call("GET", first).status == 302
    answer = call("GET", first, redirects=True)
    assert (answer.status, answer.url) == (200, last)


@pytest.mark.parametrize(
    "place", [b"http://127.0.0.1/", b"http://169.254.169.254/", b"//localhost/", b"file:///etc/passwd"]
)
def test_a_redirect_to_where_the_site_may_not_call_is_refused(host, place):
    url, _requests = host(says(FOUND % place))
    with unanswered(Trouble.REFUSED):
        call("GET", url, redirects=True)


def test_five_redirects_are_followed(host):
    url, requests = host(lambda stream: stream.sendall(FOUND % url.encode()))
    with unanswered(Trouble.REDIRECTS):
        call("GET", url, redirects=True)
    assert len(requests) == 6


def test_only_the_beginning_of_a_long_answer_is_read(host):
    url, _requests = host(says(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 1_000_000))
    assert call("GET", url, max_bytes=4096).body == b"x" * 4096


@pytest.mark.parametrize("answer", SLOW.values(), ids=SLOW)
def test_a_call_ends_in_time_however_slowly_the_host_answers(host, answer):
    url, _requests = host(answer)
    began = time.monotonic()
    with unanswered(Trouble.TIMEOUT):
        call("GET", url, seconds=0.5)
    assert time.monotonic() - began < 20


def test_a_host_that_hangs_up_or_talks_nonsense_has_no_answer(host):
    for words in (b"", b"nonsense\r\n\r\n"):
        url, _requests = host(lambda stream, words=words: (stream.sendall(words), stream.shutdown(socket.SHUT_RDWR)))
        with unanswered(Trouble.CONNECTION):
            call("GET", url)


def test_a_certificate_of_somebody_else_is_not_trusted(host, tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    pem = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (tmp_path / "both.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *plain) + pem)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "both.pem")
    url, requests = host(says(OK), "https", lambda connected: context.wrap_socket(connected, server_side=True))
    with unanswered(Trouble.CERTIFICATE):
        call("GET", url)
    assert requests == []
