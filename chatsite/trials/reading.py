"""Pages and events as a program reads them: by their articles."""

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
    inside: str

    @property
    def words(self) -> str:
        """The text of the message, without marks."""
        body = re.search(r'<div class="body".*?>(.*)</div>', self.inside, re.DOTALL)
        return re.sub(r"<[^>]+>", "", body[1]).strip() if body else ""


def articles(html: str) -> list[Article]:
    """Find the messages in a page or an event, in the order in which they stand there."""
    return [
        Article(int(each["id"]), int(each["revision"]), "data-deleted" in each["state"], each["inside"].strip())
        for each in ARTICLE.finditer(html)
    ]


def revision(html: str) -> int:
    """Find the cursor up to which a page or an event tells a conversation."""
    return int(TIMELINE.search(html)[2])
