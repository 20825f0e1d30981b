"""A mail whose headers arrive as they were written."""

import email.policy
import re
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from typing import Any

from django.core.mail import EmailMultiAlternatives

MAX_LINE_CHARACTERS = 998  # RFC 5322
FOLDED_LINE_CHARACTERS = 76  # of an encoded word and a space: RFC 2047, beyond which Python goes
# Their values have no spaces at which to fold them, and no client decodes them.
UNFOLDED = ("List-ID", "List-Unsubscribe", "Message-ID", "In-Reply-To", "References")
BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")  # white space and control characters


class UnfoldedHeader(UnstructuredHeader, BaseHeader):
    """A header in one line: Python would encode a word of more than 77 characters to fold it."""

    def fold(self, *, policy: Any) -> str:
        return super().fold(policy=policy.clone(max_line_length=MAX_LINE_CHARACTERS))


class NotificationMail(EmailMultiAlternatives):
    """A mail with addresses of any length in its headers; line breaks in names do not stop it."""

    def message(self, *, policy: Any = email.policy.default) -> EmailMessage:
        self.subject = one_line(str(self.subject))
        self.extra_headers = {name: one_line(str(value)) for name, value in self.extra_headers.items()}
        return super().message(policy=policy.clone(header_factory=registry(), max_line_length=FOLDED_LINE_CHARACTERS))


def one_line(text: str) -> str:
    """Put a name or title in one line, without control characters: a header with a line break cannot be sent."""
    return BREAKS.sub(" ", text).strip()


def registry() -> HeaderRegistry:
    found = HeaderRegistry()
    for name in UNFOLDED:
        found.map_to_type(name, UnfoldedHeader)
    return found
