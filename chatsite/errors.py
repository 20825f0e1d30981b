"""The pages for errors outside a view. They never query the database, which may be what has failed."""

import errno
import sys
from contextlib import suppress

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chatsite.files.unavailable import FilesUnavailable
from chatsite.postgres import database

RETRY_AFTER_SECONDS = 10
UNAVAILABLE = _("The database is unavailable right now. Try again in a moment.")
BUSY = _("The site is very busy right now. Try again in a moment.")
NO_FILES = _("Files are unavailable right now. Try again in a moment.")
DISK_FULL = _("The disk is full. Tell the people who run this site, and try again later.")
BROKEN = _("Something went wrong on our side. Try again in a moment.")
REFUSED = "413.html"
DATABASE_DISK_FULL = "53100"
DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours, show the text that was posted, and say when to retry if that will help."""
    reason = transient_reason(sys.exception())
    if reason is None:
        return show(request, 500, BROKEN, "500.html", posted_text(request))
    answer = show(request, 503, reason, "503.html", posted_text(request))
    answer["Retry-After"] = RETRY_AFTER_SECONDS
    return answer


def transient_reason(error: BaseException | None) -> str | Promise | None:
    """Say why a request failed, if the same request may succeed later; None if the fault is in the code."""
    if database.sqlstate(error) == DATABASE_DISK_FULL or getattr(error, "errno", None) in DISK_ERRORS:
        return DISK_FULL
    if database.is_unavailable(error):
        return UNAVAILABLE
    if database.is_busy(error):
        return BUSY
    return NO_FILES if isinstance(error, FilesUnavailable) else None


def refuse(request: HttpRequest, status: int, reason: str | Promise, retry_after: int | None = None) -> HttpResponse:
    """Refuse a request; the page returns the fields before the first file, which are all that is left of the body."""
    answer = show(request, status, reason, REFUSED, posted_text(request))
    if retry_after:
        answer["Retry-After"] = retry_after
    return answer


def show(request: HttpRequest, status: int, reason: str | Promise, template: str, text: str = "") -> HttpResponse:
    """Show a page to a browser that asks for HTML; send a script only `reason`."""
    language = getattr(request, "LANGUAGE_CODE", None) or translation.get_language_from_request(request)
    with translation.override(language):
        if not wants_page(request):
            return HttpResponse(f"{reason}\n", "text/plain; charset=utf-8", status)
        again = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
        context = {"workspace_name": "Chatsite", "status": status, "reason": reason, "words": text, "again": again}
        return HttpResponse(render_to_string(template, context), status=status)


def wants_page(request: HttpRequest) -> bool:
    is_script = request.headers.get("X-Requested-With") == "fetch"
    return "text/html" in request.headers.get("Accept", "") and not is_script


def posted_text(request: HttpRequest) -> str:
    """Return the text that was posted, or '' where the body can't be read."""
    with suppress(OSError, SuspiciousOperation, MultiPartParserError):
        return request.POST.get("content", "")
    return ""
