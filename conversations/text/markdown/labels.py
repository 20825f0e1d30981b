"""Labels: what the site itself says within a rendered text, in the language of the reader.

Stored HTML has only their places, which nobody can type.
"""

import re
from html import escape, unescape

from django.utils.translation import gettext as _

from conversations.text.markdown.earlier_html import without_labels

PLACE = re.compile(
    r'<span class="task">(?P<box>[☐☑])</span>'
    r'|<summary data-lines="(?P<lines>\d+)" data-language="(?P<language>[^"]*)"></summary>'
)


def with_labels(html: str) -> str:
    """Put the labels into rendered HTML."""
    return PLACE.sub(label, without_labels(html))


def label(place: re.Match[str]) -> str:
    if box := place["box"]:
        words = _("Done") if box == "☑" else _("To do")
        return f'<span class="task" role="img" aria-label="{escape(words)}">{box}</span>'
    kind = unescape(place["language"]) or _("code")
    words = _("%(lines)s lines of %(kind)s") % {"lines": place["lines"], "kind": kind}
    return f"<summary>{escape(words)}</summary>"
