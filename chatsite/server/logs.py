"""What the log says: the route of a request instead of its path, and errors without the values that caused them.

Paths contain the tokens of links. Messages of exceptions quote what was being processed: text that people wrote or
searched for, rows of the database. So the log names the route and the line of code, and never the values.
"""

import logging
import re
import threading
import traceback
from contextlib import suppress
from copy import copy
from http import HTTPStatus
from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.urls import resolve

from chatsite.server.error_summary import chain, described

log = logging.getLogger(__name__)
# Loggers that put a whole traceback into their message.
EMBEDDING = ("_granian", "asyncio")
CODE_LINE = re.compile(r'^ *File "[^"]+", line \d+, in .+$', re.MULTILINE)
PATH_OF_ADDRESS = re.compile(r"(https?://[^/\s]+)/\S*")
MAX_REASON_CHARACTERS = 200


class Formatter(logging.Formatter):
    """Formats records without paths and values: refused requests in one line, errors with the lines of code."""

    def format(self, record: logging.LogRecord) -> str:
        shown = copy(record)
        shown.exc_text = None  # another handler may have formatted it already, with all values
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            status = getattr(record, "status_code", HTTPStatus.INTERNAL_SERVER_ERROR)
            shown.msg, shown.args = summary(record, request, status), ()
            if status < HTTPStatus.INTERNAL_SERVER_ERROR:
                shown.exc_info = None
        elif record.name.startswith(EMBEDDING):
            shown.msg, shown.args = without_values(record.getMessage()), ()
        elif isinstance(record.args, tuple):
            shown.args = tuple(described(value) if isinstance(value, BaseException) else value for value in record.args)
        return super().format(shown)

    def formatException(self, ei: Any) -> str:
        return "\n".join(
            f"{''.join(traceback.format_tb(each.__traceback__))}{described(each)}" for each in chain(ei[1])
        )


def summary(record: logging.LogRecord, request: HttpRequest, status: int) -> str:
    """Describe a failed request in one line, with the reason if it quotes nothing secret."""
    phrase = HTTPStatus(status).phrase if status in HTTPStatus else ""
    line = f"{status} {phrase}: {request.method} {route_of(request)}"
    reason = reason_of(record)
    return f"{line} ({reason})" if reason else line


def route_of(request: HttpRequest) -> str:
    """Return the pattern of the requested address, such as `/join/<token>/`."""
    match = request.resolver_match
    if match is None:  # refused before the address was resolved
        with suppress(Exception):  # an error in here would be printed with all the values of the record
            match = resolve(request.path_info)
    return f"/{match.route.removeprefix('^')}" if match else "an unknown address"


def reason_of(record: logging.LogRecord) -> str:
    """Return why a request was refused, if that helps to correct the configuration."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, DisallowedHost):
        return str(error)[:MAX_REASON_CHARACTERS]
    if record.name == "django.security.csrf" and isinstance(record.args, tuple) and record.args:
        return PATH_OF_ADDRESS.sub(r"\1/…", str(record.args[0]))[:MAX_REASON_CHARACTERS]
    return ""


def without_values(message: str) -> str:
    """Reduce a message that contains a traceback to its first line and the lines of code."""
    first, _, rest = message.partition("\n")
    return "\n".join([first, *CODE_LINE.findall(rest)])


def log_uncaught() -> None:
    """Log an error that ends a thread, which Python would print with all its values."""

    def report(thread: threading.ExceptHookArgs) -> None:
        if thread.exc_type is not SystemExit:
            log.critical("an error has ended a thread", exc_info=thread.exc_value)

    threading.excepthook = report
