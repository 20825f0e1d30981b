"""Labels: the site's own words within a rendered text, in the language of the reader.

Stored HTML contains only placeholders for them, which nobody can type.
"""

import re
from html import escape, unescape

from django.utils.translation import gettext as _

from conversations.text.markdown.earlier_html import without_labels

PLACEHOLDER = re.compile(
    r'<span class="task">(?P<box>[☐☑])</span>'
    r'|<summary data-lines="(?P<lines>\d+)" data-language="(?P<language>[^"]*)"></summary>'
)


def with_labels(html: str) -> str:
    """Put the labels into rendered HTML."""
    return PLACEHOLDER.sub(label, without_labels(html))


def label(placeholder: re.Match[str]) -> str:
    if box := placeholder["box"]:
        words = _("Done") if box == "☑" else _("To do")
        return f'<span class="task" role="img" aria-label="{escape(words)}">{box}</span>'
    kind = unescape(placeholder["language"]) or _("code")
    more = _("Show all %(lines)s lines of %(kind)s") % {"lines": placeholder["lines"], "kind": kind}
    less = _("Show less")
    return f'<summary><span class="more">{escape(more)}</span><span class="less">{escape(less)}</span></summary>'
