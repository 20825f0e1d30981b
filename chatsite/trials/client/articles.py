"""The articles in pages and events; each is a message."""

import re
from dataclasses import dataclass

ARTICLE = re.compile(
    r'<article id="m(?P<id>\d+)" data-revision="(?P<revision>\d+)"(?P<state>[^>]*)>(?P<inside>.*?)</article>', re.DOTALL
)
TIMELINE = re.compile(r'data-conversation="(\d+)" data-revision="(\d+)"')


@dataclass(frozen=True)
class Article:
    """One message as it was shown."""

    id: int
    revision: int
    is_deleted: bool
    at: float
    inside: str

    @property
    def place(self) -> tuple[float, int]:
        """The sort key of messages."""
        return self.at, self.id

    @property
    def words(self) -> str:
        """The text of the message, without markup."""
        body = re.search(r'<div class="body".*?>(.*?)</div>', self.inside, re.DOTALL)
        return re.sub(r"<[^>]+>", "", body[1]).strip() if body else ""


def articles(html: str) -> list[Article]:
    """Find the messages in a page or an event, in the order in which they are shown."""
    return [read(each) for each in ARTICLE.finditer(html)]


def read(found: re.Match) -> Article:
    at = re.search(r'data-at="([\d.]+)"', found["state"])
    is_deleted = "data-deleted" in found["state"]
    moment = float(at[1]) if at else 0
    return Article(int(found["id"]), int(found["revision"]), is_deleted, moment, found["inside"].strip())


def revision(html: str) -> int:
    """Find the revision up to which a page or an event shows a conversation."""
    found = TIMELINE.search(html)
    assert found, "this shows no conversation"
    return int(found[2])
