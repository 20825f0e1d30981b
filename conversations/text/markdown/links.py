"""Where links may lead, and how their addresses are shown."""

import re
from html import escape

import nh3
from django.conf import settings
from django.urls import Resolver404, resolve
from markdown_it import MarkdownIt

from conversations.text.markdown.hosts import FILE_ENDINGS, as_shown, host_of, in_ascii, with_host

SCHEMES = {"http", "https", "mailto", "tel"}
NO_HOST = re.compile(r"[\x00-\x7f](?<![a-z0-9._[-])", re.IGNORECASE)
CLEANER = nh3.Cleaner(tags={"a"}, url_schemes=SCHEMES)
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?!\d+(?:[/?#]|$))|(tel):", re.IGNORECASE)  # except before the port of a host
TYPED_HOST = re.compile(r"(?:localhost|(?:[\w-]+\.)+(?P<ending>[^\W\d_]{2,}))(?::\d+)?(?P<rest>[/?#]|$)", re.IGNORECASE)
WEB = re.compile(r"(https?):[/\\]*(?=[^/\\])", re.IGNORECASE)  # with one slash, browsers look on this site
TYPED_MAILBOX = re.compile(r"[^\s@/:?#]+@[\w.-]+\.[^\W\d_]{2,}$")


class Markdown(MarkdownIt):
    """A parser whose links lead somewhere, and show where."""

    def normalizeLink(self, url: str) -> str:
        """Complete an address as its author means it: example.org/help is on another site."""
        if not SCHEME.match(url):
            host = TYPED_HOST.match(url.removeprefix("//"))
            if host and (host["ending"] or "").lower() not in FILE_ENDINGS:
                url = f"http://{url.removeprefix('//')}"
            elif TYPED_MAILBOX.match(url):
                url = f"mailto:{url}"
        url = WEB.sub(r"\1://", url)
        host_name = host_of(url)
        return super().normalizeLink(url if host_name.isascii() else with_host(url, in_ascii(host_name)))

    def validateLink(self, url: str) -> bool:
        """Tell whether an address leads somewhere: to the web, a mailbox, a telephone, or a page of this site."""
        if scheme := SCHEME.match(url):
            return len(url) > len(scheme[0]) and not NO_HOST.search(host_of(url)) and survives(url)
        return url.startswith("/") and not url.startswith("//") and is_a_page(re.split("[?#]", url)[0])

    def normalizeLinkText(self, link: str) -> str:
        return as_shown(link)


def survives(url: str) -> bool:
    """Tell whether the sanitizer leaves the address of a link: the scheme is allowed, and the host can exist."""
    return "href" in CLEANER.clean(f'<a href="{escape(url)}">')


def is_a_page(path: str) -> bool:
    """Tell whether this site has a page there; only what Django admin lacks has an address without a name."""
    try:
        return resolve(path).url_name is not None
    except Resolver404:
        return settings.APPEND_SLASH and not path.endswith("/") and is_a_page(f"{path}/")
