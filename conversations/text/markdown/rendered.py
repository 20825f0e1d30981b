"""The result of rendering a text: its HTML and the facts found in it, so that no code has to parse HTML."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from markdown_it.token import Token

SCHEMES = {"http", "https", "mailto"}
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
CODE = {"code_inline", "code_block", "fence"}


class Rendered(NamedTuple):
    """A text as safe HTML, and what was found in it.

    `mentions` are names in lower case, `links` the addresses of links in their order, and `words` the text in one line
    without markup.
    """

    html: str
    mentions: frozenset[str] = frozenset()
    links: tuple[str, ...] = ()
    has_code: bool = False
    words: str = ""

    @property
    def has_link(self) -> bool:
        """Return whether there is a link to a web address, not only to an address within this site or to a mailbox."""
        return any(link.lower().startswith(("http:", "https:")) for link in self.links)


def with_facts(html: str, tokens: list[Token]) -> Rendered:
    """Add the facts that are found in the tokens to the HTML that was made of them."""
    within = list(flattened(tokens))
    return Rendered(
        html,
        mentions=frozenset(token.content.lower() for token in within if token.type == "mention"),
        links=tuple(link for token in within if (link := str(token.attrs.get("href", ""))) and is_shown(link)),
        has_code=any(token.type in CODE for token in within),
        words=" ".join("".join(map(words_of, within)).split()),
    )


def flattened(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or []


def words_of(token: Token) -> str:
    match token.type:
        case "text" | "code_inline":
            return token.content
        case "mention":
            return f"@{token.content}"
        case "code_block" | "fence" | "task":
            return f" {token.content} "
    # A tag within a line, such as that of emphasis, divides no word; blocks and line breaks do.
    return "" if token.type in WITHIN_WORDS else " "


WITHIN_WORDS = {f"{mark}_{side}" for mark in ("em", "strong", "s", "link") for side in ("open", "close")}


def is_shown(link: str) -> bool:
    """Return whether the sanitizer leaves the address of a link as it is."""
    scheme = SCHEME.match(link)
    return scheme is None or scheme[1].lower() in SCHEMES
