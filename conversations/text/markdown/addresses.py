"""Addresses in text: where they begin and end, and which words with a dot are addresses."""

import re
from collections.abc import Iterator
from functools import cache
from unicodedata import category

from linkify_it import LinkifyIt
from linkify_it.main import Match
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from conversations.text.markdown.hosts import FILE_ENDINGS, host_of

# A host alone, without scheme and path, is an address only with a top-level domain that no file name or word ends with.
TOP_LEVEL_DOMAINS = {
    *("com", "org", "net", "edu", "gov", "mil", "biz", "uk", "fr", "nl"),
    *("ch", "jp", "cn", "kr", "ru", "ua", "cz", "dk", "рф"),
}
# Top-level domains besides those of countries, for hosts with www. or a path.
MORE_TOP_LEVEL_DOMAINS = {
    *("app", "blog", "chat", "cloud", "design", "dev", "example", "news"),
    *("online", "page", "site", "social", "tech", "test", "wiki", "xyz"),
}
# Beyond ASCII, letters, their marks and digits belong to an address, and these within one.
WITHIN = frozenset("\u00b7\u2010\u2011\u2012\u2013\u30fb\u200c\u200d")
AFTER = ":,.;!?'\"\\|" + "".join(WITHIN)
NOT_WORDS = re.compile(r"[^\x00-\x7f\w]")
# What may precede a host without belonging to it: punctuation, and words of scripts without spaces.
BEFORE_HOST = re.compile(r"(?:[^\w]|_)+|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+(?=[a-z0-9])", re.IGNORECASE)
MAIL = re.compile(r".*mail", re.IGNORECASE)  # as in "E-mail:ana@example.org"
BEFORE_ADDRESS = re.compile(r"(?:^|[^a-z0-9.+-])([a-z][a-z0-9.+-]*)$", re.IGNORECASE)


class Addresses(LinkifyIt):
    """Finds the addresses in a text."""

    def test(self, text: str) -> bool:
        """Leave it to `match` to tell whether there is an address."""
        return True

    def match(self, text: str) -> list[Match]:
        """Find the addresses in a text, without the punctuation that follows them."""
        return [found for begin, piece in pieces(text) for found in self.found_in(text, begin, piece)]

    def found_in(self, text: str, begin: int, piece: str) -> Iterator[Match]:
        if not self.pretest(piece):
            return
        for match in super().match(piece) or []:
            end = begin + match.index + len(match.raw.rstrip(AFTER))
            start = begin + match.index + foreign(match)
            if is_meant(match, text[start:end], text[end:]):
                found = Match(text, match.schema, start, end)
                self.normalize(found)
                yield found


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """Split a text where no address can continue, into (position, piece)."""
    begin = 0
    for match in NOT_WORDS.finditer(text):
        if ends_address(match[0]):
            yield begin, text[begin : match.start()]
            begin = match.end()
    yield begin, text[begin:]


@cache
def ends_address(character: str) -> bool:
    return category(character)[0] not in "LMN" and character not in WITHIN


def foreign(match: Match) -> int:
    """Count the characters of a match that belong to the sentence before the address."""
    if match.schema:
        words, colon, _ = match.raw.rpartition(":")
        return len(words + colon) if match.schema == "mailto:" and MAIL.fullmatch(words) else 0
    before = BEFORE_HOST.match(match.raw)
    return before.end() if before else 0


def is_meant(match: Match, address: str, after: str) -> bool:
    """Tell whether somebody who typed this meant an address."""
    if match.schema == "mailto:":
        local = address.removeprefix("mailto:").partition("@")[0]
        return ":" not in local and not re.match(r":\S", after)  # neither another scheme nor a repository
    if match.schema:
        return True
    host = re.split("[/?#:]", address)[0]
    ending, rest = host.rpartition(".")[2], re.sub(r"^:\d+", "", address[len(host) :])
    if host.lower().startswith("www.") or ending in TOP_LEVEL_DOMAINS:  # a capital begins a word, as in System.Net
        return True
    return rest.startswith("/") and ending.lower() not in FILE_ENDINGS


ADDRESSES = Addresses()
ADDRESSES.add("ftp:", None).add("//", None).tlds([*MORE_TOP_LEVEL_DOMAINS, *TOP_LEVEL_DOMAINS], True)


def extend(markdown: MarkdownIt) -> None:
    """Make a parser find addresses by our rules."""
    markdown.linkify = ADDRESSES
    markdown.inline.ruler.at("linkify", link_address)


def link_address(state: StateInline, silent: bool) -> bool:
    """Make a link of an address with a scheme, up to the end of the emphasis around it."""
    if state.linkLevel or not state.src.startswith("://", state.pos):
        return False
    scheme = BEFORE_ADDRESS.search(state.pending)
    found = scheme and ADDRESSES.match_at_start(state.src[state.pos - len(scheme[1]) :])
    if not scheme or not found:
        return False
    address = unstyled(next(pieces(found.raw))[1].rstrip(AFTER), state)
    href = state.md.normalizeLink(address)
    if not host_of(href) or not state.md.validateLink(href):
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme[1])]
        push_link(state, href, state.md.normalizeLinkText(address))
    state.pos += len(address) - len(scheme[1])
    return True


def push_link(state: StateInline, href: str, words: str) -> None:
    opening = state.push("link_open", "a", 1)
    opening.attrs = {"href": href}
    state.push("text", "", 0).content = words
    closing = state.push("link_close", "a", -1)
    opening.markup = closing.markup = "linkify"
    opening.info = closing.info = "auto"


def unstyled(address: str, state: StateInline) -> str:
    """Leave out the marks at the end of an address that close emphasis opened before it."""
    address = address.rstrip("*")
    for mark in "_~":
        count = 0
        for each in state.delimiters:
            if each.marker == ord(mark):
                count += -1 if each.close and count else 1 if each.open else 0
        run = len(address) - len(address.rstrip(mark))
        address = address[: len(address) - min(run, count * (2 if mark == "~" else 1))]
    return address
