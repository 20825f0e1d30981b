"""Answers of push services, and what they mean. Pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from django.db.models import TextChoices

MIN_WAIT_SECONDS, MAX_WAIT_SECONDS = 10, 3600
MAX_WORDS_CHARACTERS = 200


class Result(TextChoices):
    """What an answer means."""

    SENT = "sent"
    GONE = "gone"  # the subscription has ended
    TOO_LARGE = "too large"
    LATER = "later"
    OUR_FAULT = "our fault"  # the service refuses our key or address
    REFUSED = "refused"


@dataclass(frozen=True)
class Sent:
    """What became of a push; `words` is the answer, without the endpoint."""

    result: Result
    words: str = ""
    wait_seconds: float | None = None


def meaning(status: int) -> Result:
    if status in (404, 410):
        return Result.GONE
    if status in (401, 403):
        return Result.OUR_FAULT
    if status == 413:
        return Result.TOO_LARGE
    if status == 429 or status >= 500:
        return Result.LATER
    return Result.SENT if 200 <= status < 300 else Result.REFUSED


def words_of(status: int, body: bytes) -> str:
    """Return the status of an answer and the beginning of its text, in one line."""
    text = " ".join(body.decode("utf-8", "replace").split())
    return "".join(letter for letter in f"{status} {text}" if letter.isprintable())[:MAX_WORDS_CHARACTERS].strip()


def wait_of(headers: Mapping[str, str]) -> float | None:
    """Return how long the service asks us to wait, in seconds; None if it does not say so."""
    value = headers.get("Retry-After", "")
    if value.isascii() and value.isdigit():
        return min(max(int(value[:9]), MIN_WAIT_SECONDS), MAX_WAIT_SECONDS)
    try:
        wait = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError):
        return None
    return min(max(wait, MIN_WAIT_SECONDS), MAX_WAIT_SECONDS)
