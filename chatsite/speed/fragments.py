"""Fragments of pages, rendered once for each of their inputs.

The key of a fragment is the whole input of its template, so entries never go stale and need no invalidation; unused
ones are evicted. Values that differ on each page, such as the CSRF token, go into holes, whose marks are random and
known only to this process.
"""

import secrets
from collections.abc import Callable, Hashable
from threading import Lock
from time import time
from typing import Any, Protocol

from django.template.loader import get_template
from django.utils.safestring import SafeString

MAX_CACHED_CHARACTERS = 30_000_000  # of HTML, in each process; the keys take about as much again


def hole() -> str:
    """Make a mark that stands for a value of the page inside a fragment."""
    return secrets.token_hex(16)


TOKEN_HOLE, NOW_HOLE, LINES_HOLE, LAST_REPLY_HOLE = hole(), hole(), hole(), hole()
HOLES = {"csrf_token": TOKEN_HOLE, "now": NOW_HOLE, "lines": LINES_HOLE, "last_reply": LAST_REPLY_HOLE}


class Fields(Protocol):
    """A NamedTuple: the variables of one template."""

    def _asdict(self) -> dict[str, Any]: ...

    def __hash__(self) -> int: ...


class FragmentCache:
    """The HTML of fragments, up to a size: the least recently used are evicted.

    There are two halves. A fragment that is used enters the young half; when that is full, it becomes the old half,
    and fragments that are only in the former old half are evicted.
    """

    def __init__(self, max_characters: int) -> None:
        self.half, self.size = max_characters // 2, 0
        self.young: dict[Hashable, SafeString] = {}
        self.old: dict[Hashable, SafeString] = {}
        self.lock = Lock()

    def get(self, key: Hashable, make: Callable[[], SafeString]) -> SafeString:
        if html := self.young.get(key):
            return html
        html = self.old.get(key) or make()
        with self.lock:
            if self.size + len(html) > self.half:
                self.young, self.old, self.size = {}, self.young, 0
            self.size += len(html) - len(self.young.get(key, ""))
            self.young[key] = html
        return html


cache = FragmentCache(MAX_CACHED_CHARACTERS)


def show(template: str, fields: Fields, locale: Hashable) -> SafeString:
    """Render a template, once for each of its inputs, which are `fields` and the active locale alone."""
    key = (template, locale, fields)
    return cache.young.get(key) or cache.get(key, lambda: render(template, fields._asdict()))


def show_with(template: str, variables: dict[str, Hashable], locale: Hashable) -> SafeString:
    """Render a template as `show` does, with its variables as a dictionary."""
    return cache.get((template, locale, *variables.items()), lambda: render(template, variables))


def render(template: str, variables: dict[str, Any]) -> SafeString:
    """Render a template that gets nothing but these variables and the holes."""
    return SafeString(get_template(template).render({**variables, **HOLES}))


def fill(html: SafeString, values: dict[str, Callable[[], str]]) -> SafeString:
    """Put values into the holes that occur; requesting a token where there is no form would set a cookie."""
    filled: str = html
    for mark, value in values.items():
        if mark in filled:
            filled = filled.replace(mark, value())
    return SafeString(filled)


def fill_page(html: SafeString, token: Callable[[], str]) -> SafeString:
    """Put the CSRF token of the page and the current time into a fragment."""
    return fill(html, {TOKEN_HOLE: token, NOW_HOLE: lambda: str(int(time()))})
