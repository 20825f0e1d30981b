"""HTML as release 0.1 stored it, which had no place for what its renderer found."""

import re
from html import unescape

from conversations.text.markdown.rendered import Rendered

# Only a renderer writes these: HTML that people type is escaped.
LINK = re.compile(r'<a href="([^"]*)"')
CODE = "<code>"


def with_facts(html: str) -> Rendered:
    """Find in HTML of release 0.1 the links and code that its renderer put there."""
    return Rendered(html, links=tuple(map(unescape, LINK.findall(html))), has_code=CODE in html)
