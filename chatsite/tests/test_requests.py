"""What of a request reaches Django: its path decoded once, its headers joined, nothing ambiguous."""

import re
import socket
from types import SimpleNamespace
from uuid import uuid4

import pytest
import requests
from django.test import Client

from chatsite.middleware import REFUSAL
from chatsite.server.environ import environ

HEADERS = {
    *("content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy"),
    *("cross-origin-resource-policy", "cross-origin-opener-policy", "x-frame-options"),
}


class Lines(list):
    """Header lines, as granian gives them."""

    def items(self):
        return self


def scope(*lines, authority=None, version="1.1", path="/"):
    ours = {"server": "127.0.0.1:80", "client": "127.0.0.1:5", "method": "GET", "scheme": "http", "query_string": ""}
    return SimpleNamespace(**ours, headers=Lines(lines), authority=authority, http_version=version, path=path)


def test_lines_of_one_header_are_a_list_and_cookies_one_header():
    found = environ(
        scope(
            ("x-forwarded-for", "192.0.2.1"),
            ("cookie", "a=1"),
            ("accept", "text/html"),
            ("x-forwarded-for", "192.0.2.2"),
            ("cookie", "b=2; c=3"),
            ("accept", "*/*"),
            ("x_forwarded_for", "192.0.2.3"),
        ),
        None,
    )
    assert found["HTTP_X_FORWARDED_FOR"] == "192.0.2.1, 192.0.2.2"
    assert found["HTTP_COOKIE"] == "a=1; b=2; c=3"
    assert found["HTTP_ACCEPT"] == "text/html, */*"
    assert REFUSAL not in found


@pytest.mark.parametrize("name", ["host", "content-type", "content-length", "authorization", "origin", "referer"])
def test_a_header_that_may_come_once_is_refused_twice(name):
    assert REFUSAL not in environ(scope((name, "1")), None)
    assert environ(scope((name, "1"), (name, "1")), None)[REFUSAL][0] == 400


def test_host_and_authority_agree_and_the_target_of_a_request_wins():
    assert environ(scope(("host", "a"), authority="b", version="2"), None)[REFUSAL][0] == 400
    assert REFUSAL not in environ(scope(("host", "a"), authority="a", version="2"), None)
    absolute = environ(scope(("host", "a"), authority="b"), None)
    assert (absolute["HTTP_HOST"], REFUSAL in absolute) == ("b", False)


@pytest.mark.parametrize("path", ["/%00/", "/c/%00/", "/static/%00.css", "/files/1/%00", "/static/none.css", "/c/1"])
def test_every_answer_has_all_our_headers(client, db, path):
    assert {name.lower() for name in client.get(path).headers} >= HEADERS


def test_refusals_before_any_view_have_all_our_headers(db):
    for extra in ({REFUSAL: (413, "too much")}, {"HTTP_HOST": "elsewhere.example"}):
        assert {name.lower() for name in Client().get("/", **extra).headers} >= HEADERS


def raw(site, request):
    """Send bytes to a site; return the status and the names of the headers of its answer."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as connection:
        connection.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            chunk = connection.recv(65_536)
            assert chunk, answer
            answer += chunk
    first, *lines = answer.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    return int(first.split()[1]), {line.partition(":")[0].lower() for line in lines}


@pytest.mark.parametrize("path", [b"/%00/", b"/c/%00%ff/", b"/%ff%fe/", b"/c/%ED%A0%80/", b"/c/%0d%0aX:1/", b"/%"])
def test_hostile_bytes_in_a_path_are_not_found_with_all_our_headers(shared_site, path):
    request = b"GET %b HTTP/1.1\r\nHost: localhost:%d\r\nConnection: close\r\n\r\n" % (path, shared_site.port)
    status, headers = raw(shared_site, request)
    assert status in (302, 404)
    assert headers >= HEADERS


def test_two_hosts_are_refused(shared_site):
    one = b"Host: localhost:%d\r\n" % shared_site.port
    head = b"GET /accounts/password/reset/ HTTP/1.1\r\n%bConnection: close\r\n\r\n"
    assert raw(shared_site, head % one)[0] == 200
    assert raw(shared_site, head % (one + one))[0] == 400


@pytest.fixture
def boss(shared_site):
    """The browser of the owner of a site."""
    browser = requests.Session()
    browser.get(f"{shared_site.url}/accounts/signup/")
    browser.headers["X-CSRFToken"] = browser.cookies["csrftoken"]
    form = {
        "display_name": "Boss",
        "username": "boss",
        "email": "boss@example.org",
        "password": "correct horse battery",
        "workspace_name": "X",
    }
    assert browser.post(f"{shared_site.url}/accounts/signup/", form).url == f"{shared_site.url}/"
    browser.headers["X-CSRFToken"] = browser.cookies["csrftoken"]
    return browser


@pytest.mark.parametrize("name", ["Q3%20report.txt", "100%25.txt", "a%2Fb.txt", "50% off.txt", "%41.txt"])
def test_a_file_is_found_whatever_percent_signs_are_in_its_name(shared_site, boss, name):
    started = boss.post(f"{shared_site.url}/c/new/", {"title": "Files", "kind": "open"}).url
    form = {"content": "see", "client_key": str(uuid4())}
    page = boss.post(f"{started}messages/", form, files={"files": (name, b"words", "text/plain")}).text
    [address] = set(re.findall(r'href="(/files/\d+/[^"?]+)"', page))
    answer = boss.get(shared_site.url + address)
    assert (answer.status_code, answer.text) == (200, "words")
    assert requests.utils.unquote(answer.headers["Content-Disposition"]).endswith(name) or name in str(answer.headers)


def test_a_path_is_decoded_once(shared_site, boss):
    assert boss.get(f"{shared_site.url}/c/browse/").status_code == 200
    assert boss.get(f"{shared_site.url}/c/brows%65/").status_code == 200
    assert boss.get(f"{shared_site.url}/c/brows%2565/").status_code == 404


def frame(kind, flags, stream, payload=b""):
    return len(payload).to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4) + payload


def field(name, value):
    """Encode a header field of HTTP/2 as it is (RFC 7541, 6.2.2)."""
    assert len(value) < 127, "a longer one would need more bytes for its length"
    return b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value


def first_byte_of_answer(site, *fields):
    """Send a request by HTTP/2; return the first byte of the encoded headers of its answer."""
    own = [(b":method", b"GET"), (b":scheme", b"http"), (b":path", b"/"), (b":authority", b"localhost:%d" % site.port)]
    block = b"".join(field(*each) for each in [*own, *fields])
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as connection:
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0) + frame(1, 5, 1, block))
        reader = connection.makefile("rb")
        while True:
            size, kind = int.from_bytes(reader.read(3)), reader.read(1)[0]
            reader.read(5)
            payload = reader.read(size)
            if kind == 1:
                return payload.lstrip(b"\x20\x3f\xe1\x1f")[0]


def test_cookies_on_several_lines_of_http_2_are_all_read(shared_site, boss):
    cookies = [(b"cookie", f"{name}={value}".encode()) for name, value in boss.cookies.items()]
    ok = 0x88  # :status 200
    assert len(cookies) > 1
    assert first_byte_of_answer(shared_site) != ok
    assert first_byte_of_answer(shared_site, *cookies) == ok
    assert first_byte_of_answer(shared_site, *reversed(cookies)) == ok
