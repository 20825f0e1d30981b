"""The HTML of messages in mail: mail programs know no style sheets, and links need a host."""

import nh3
from django.utils.safestring import SafeString, mark_safe

from conversations.notifications.mail.addresses import site
from conversations.text.markdown.links import SCHEMES
from conversations.text.markdown.rendering import ATTRIBUTES, TAGS

CODE = "font-family:ui-monospace,Menlo,Consolas,monospace;font-size:13px;background-color:#f5f3ee"
STYLES = {
    "p": "margin:0 0 8px",
    "ul": "margin:0 0 8px;padding:0 0 0 24px",
    "ol": "margin:0 0 8px;padding:0 0 0 24px",
    "a": "color:#0b6658",
    "blockquote": "margin:0 0 8px;padding:0 0 0 12px;border-left:3px solid #cfcabd;color:#5e5b53",
    "pre": f"margin:0 0 8px;padding:8px;border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere;{CODE}",
    "code": CODE,
    "table": "margin:0 0 8px;border-collapse:collapse",
    "th": "padding:4px 8px;border:1px solid #cfcabd",
    "td": "padding:4px 8px;border:1px solid #cfcabd",
    **dict.fromkeys(("h4", "h5", "h6"), "margin:0 0 8px;font-size:16px"),
}
# By these, the style sheet of the mail gives them other colours in dark mode.
CLASSES = {"a": "link", "blockquote": "faint edge", "pre": "code", "code": "code", "th": "edge", "td": "edge"}
SHOWN_TAGS = TAGS - {"details", "summary", "span"}  # mail programs can't unfold; colours of code need a style sheet
HIDDEN = {"class", "tabindex", "data-lines", "data-language"}


def for_mail(html: str) -> SafeString:
    """Prepare the rendered HTML of a message for mail; it stays as safe as it was, as it is cleaned again."""
    cleaned = nh3.clean(
        html,
        tags=SHOWN_TAGS,
        clean_content_tags={"summary", "script", "style"},
        attributes={tag: ATTRIBUTES[tag] - HIDDEN for tag in ATTRIBUTES.keys() & SHOWN_TAGS},
        set_tag_attribute_values={
            tag: {"style": style} | ({"class": CLASSES[tag]} if tag in CLASSES else {}) for tag, style in STYLES.items()
        },
        url_schemes=SCHEMES,
        url_relative=("rewrite_with_base", f"{site()}/"),
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(cleaned)  # noqa: S308 – has just been cleaned
