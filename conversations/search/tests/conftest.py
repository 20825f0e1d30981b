"""Fixtures to search in tests."""

import re
from html import unescape

import pytest

HIT = re.compile(r'id="hit(\d+)"')


@pytest.fixture
def find(as_):
    """Search as a person and return the ids of the hits: `find(ana, "words")`."""

    def hits(person, words, **more):
        answer = as_(person).get("/search/", {"q": words, **more})
        assert answer.status_code == 200, answer.status_code
        return [int(pk) for pk in HIT.findall(answer.content.decode())]

    return hits


@pytest.fixture
def look(as_):
    """Search as a person and return the page, unescaped."""
    return lambda person, words, **more: unescape(as_(person).get("/search/", {"q": words, **more}).content.decode())
