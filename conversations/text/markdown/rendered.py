"""The result of rendering a text: its HTML and the facts found in it, so that no code has to parse HTML."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from markdown_it.token import Token

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
        mentions=frozenset(token.info for token in within if token.type == "mention"),
        links=tuple(link for token in within if (link := str(token.attrs.get("href", "")))),
        has_code=any(token.type in CODE for token in within),
        words=" ".join("".join(map(words_of, within)).split()),
    )


def flattened(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or []


def words_of(token: Token) -> str:
    match token.type:
        case "text" | "text_special" | "code_inline" | "mention":
            return token.content
        case "code_block" | "fence" | "task":
            return f" {token.content} "
    # A tag within a line, such as that of emphasis, divides no word; blocks and line breaks do.
    return "" if token.type in WITHIN_WORDS else " "


WITHIN_WORDS = {f"{mark}_{side}" for mark in ("em", "strong", "s", "link") for side in ("open", "close")}
