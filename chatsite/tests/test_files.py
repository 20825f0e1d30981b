"""Files through our own server: large uploads, and downloads of parts."""

import re
from types import SimpleNamespace
from uuid import uuid4

import pytest
import requests

from chatsite.trials.client.person import PASSWORD
from conversations.tests.message import s3
from conversations.tests.message.pictures import noise, picture

LARGE = noise(3_000_000)


@pytest.fixture
def folder():
    """No variables: files are stored in a folder."""
    return {}


@pytest.fixture
def bucket():
    with s3.bucket() as (url, objects):
        yield {"FILES_URL": url}
        assert objects, "the files are stored in the bucket"


@pytest.fixture(params=["folder"])
def ana(site, request):
    """A person in a conversation of a running site."""
    site.start(**request.getfixturevalue(request.param))
    with requests.Session() as session:
        ana = SimpleNamespace(session=session, url=site.url)
        session.get(site.url)
        person = {
            "display_name": "Ana",
            "username": "ana",
            "email": "ana@example.org",
            "password": PASSWORD,
            "workspace_name": "Trial",
        }
        fill_in(ana, "/accounts/signup/", person)
        ana.address = f"{fill_in(ana, '/c/new/', {'title': 'Town hall', 'kind': 'open'}).url}messages/"
        yield ana
    assert site.stop()[0] == 0


def fill_in(ana, path, fields):
    return ana.session.post(ana.url + path, fields | {"csrfmiddlewaretoken": ana.session.cookies["csrftoken"]})


def send(ana, *files, **headers):
    fields = {"client_key": str(uuid4()), "content": "words", "csrfmiddlewaretoken": ana.session.cookies["csrftoken"]}
    files = [("files", file) for file in files]
    return ana.session.post(ana.address, fields, files=files, headers=headers, allow_redirects=False)


@pytest.mark.parametrize("ana", ["folder", "bucket"], indirect=True)
def test_large_files_are_uploaded_and_downloaded_whole_or_in_part(ana):
    assert send(ana, ("plan.bin", LARGE), ("house.png", picture("PNG"))).status_code == 302
    page = ana.session.get(ana.address.removesuffix("messages/")).text
    plan, small = (re.search(pattern, page)[1] for pattern in (r'href="(/files/[^"]+\.bin)"', r'src="(/files/[^"]+)"'))
    ask = ana.session.get
    assert ask(ana.url + plan).content == LARGE
    assert ask(ana.url + small).headers["Content-Type"] == "image/webp"
    for requested, status, content, content_range in [
        ("bytes=0-0", 206, LARGE[:1], "bytes 0-0/3000000"),
        ("bytes=1000-2999", 206, LARGE[1000:3000], "bytes 1000-2999/3000000"),
        ("bytes=2999990-", 206, LARGE[-10:], "bytes 2999990-2999999/3000000"),
        ("bytes=-10", 206, LARGE[-10:], "bytes 2999990-2999999/3000000"),
        ("bytes=3000000-", 416, b"", "bytes */3000000"),
        ("bytes=0-1,4-5", 200, LARGE, None),
    ]:
        answer = ask(ana.url + plan, headers={"Range": requested, "Accept-Encoding": "gzip"})
        assert (answer.status_code, answer.headers.get("Content-Range")) == (status, content_range)
        assert answer.content == content
        assert int(answer.headers["Content-Length"]) == len(content)
    answer = ana.session.head(ana.url + plan)
    assert (answer.status_code, answer.headers["Content-Length"]) == (200, "3000000")
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert ask(ana.url + plan, headers=tag).status_code == 304
    assert requests.get(ana.url + plan, headers={"Range": "bytes=0-9"}, timeout=9).history[0].status_code == 302


def test_anonymous_visitors_cannot_send_more_than_a_form(ana):
    assert send(ana, ("plan.bin", LARGE)).status_code == 302
    del ana.session.cookies["sessionid"]
    answer = send(ana, ("plan.bin", LARGE))
    assert (answer.status_code, answer.text) == (
        403,
        "You are signed out. Sign in in another tab, then send it again.\n",
    )
    assert 'action="/accounts/login/"' in send(ana, ("plan.bin", LARGE[:1000])).text


def test_more_than_a_message_may_hold_is_refused_by_the_server(ana):
    answer = send(ana, *(("large.bin", LARGE * 8) for _ in range(5)))
    assert (answer.status_code, answer.text) == (
        413,
        "That is more than you can send at once. Go back: your text is still there.\n",
    )
