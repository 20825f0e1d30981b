"""The pages for what went wrong beside a view. They ask the database nothing: it may be what is away."""

import sys
from contextlib import suppress

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from chatsite.postgres import database

RETRY_AFTER = 10  # seconds
AWAY = _("The site can’t get at its data right now. Try again in a moment.")
BROKEN = _("Something broke. It is our fault, not yours. Try again in a moment.")
REFUSED = "413.html"


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that it is our fault, with the words that somebody sent, and when to try again where that will help."""
    if not database.is_away(sys.exception()):
        return show(request, 500, BROKEN, "500.html", words_of(request))
    answer = show(request, 503, AWAY, "503.html", words_of(request))
    answer["Retry-After"] = RETRY_AFTER
    return answer


def refuse(request: HttpRequest, status: int, reason: str) -> HttpResponse:
    """Refuse a request that is too much or comes too slowly, of which nothing is read here."""
    return show(request, status, reason, REFUSED)


def show(request: HttpRequest, status: int, reason: str, template: str, words: str = "") -> HttpResponse:
    """Show a page to a browser that asks for one, to a script `reason` alone."""
    language = getattr(request, "LANGUAGE_CODE", None) or translation.get_language_from_request(request)
    with translation.override(language):
        if not wants_page(request):
            return HttpResponse(f"{reason}\n", "text/plain; charset=utf-8", status)
        again = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
        context = {"workspace_name": "Chatsite", "status": status, "reason": reason, "words": words, "again": again}
        return HttpResponse(render_to_string(template, context), status=status)


def wants_page(request: HttpRequest) -> bool:
    is_script = request.headers.get("X-Requested-With") == "fetch"
    return "text/html" in request.headers.get("Accept", "") and not is_script


def words_of(request: HttpRequest) -> str:
    """Give the words that somebody sent, as far as they can be read."""
    with suppress(OSError, SuspiciousOperation, MultiPartParserError):
        return request.POST.get("content", "")
    return ""
