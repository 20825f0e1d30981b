"""Middleware that depends on the person of a request: visits, languages, second factors, limits."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from accounts.models import LimitReached
from accounts.models.clock import clock
from accounts.models.locale import Locale
from accounts.models.visit import BEGAN, SEEN, address_of, record_visit
from accounts.sessions import SessionStore

GetResponse = Callable[[HttpRequest], HttpResponse]

PERSON = "accounts.person"  # the key in the WSGI environment under which our server finds the person's id
MAX_VISIT_SECONDS = 180 * 24 * 60 * 60
SEEN_INTERVAL_SECONDS = 5 * 60


class LimitedSessionMiddleware(SessionMiddleware):
    """Sessions, with a limit on how many an IP address may begin without signing in."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        cast("SessionStore", request.session).address = address_of(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except LimitReached as error:
            return refuse(request, error)


class VisitMiddleware:
    """End visits that are too old, and record every few minutes that the others continue."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Load eagerly: every view needs the person, and Django's lazy object adds a check to each access.
        request.user = get_user(request)
        was_signed_in = request.user.is_authenticated
        if request.user.is_authenticated:
            request.META[PERSON] = request.user.pk
            now = int(clock.time())
            if now - request.session.get(BEGAN, now) > MAX_VISIT_SECONDS:
                logout(request)
            elif abs(now - request.session.get(SEEN, 0)) > SEEN_INTERVAL_SECONDS:
                self.extend(request, now)
        response = self.get_response(request)
        if was_signed_in and not request.user.is_authenticated:
            # Otherwise Back would show the pages of this visit to whoever uses the browser next.
            response.headers["Clear-Site-Data"] = '"cache"'
        return response

    def extend(self, request: HttpRequest, now: int) -> None:
        """Extend the session and its cookie, which is sent again because the session has changed."""
        request.session.setdefault(BEGAN, now)
        request.session[SEEN] = now
        record_visit(request)


class LocaleMiddleware:
    """Show all text in the reader's language, and all times in their time zone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        locale = Locale.of(request)
        with locale.active():
            response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", locale.language)
            patch_vary_headers(response, ["Accept-Language"])
        return response


class SecondFactorMiddleware:
    """Redirect people whose role needs a second factor to the page to set one up, before they see anything else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        lacks = request.user.is_authenticated and getattr(request.user, "lacks_second_factor", False)
        if not lacks or request.path.startswith(settings.ACCOUNTS_PATHS_WITHOUT_SECOND_FACTOR):
            return self.get_response(request)
        if request.headers.get("X-Requested-With") == "fetch" or request.path in settings.ACCOUNTS_STREAM_PATHS:
            return HttpResponse(_("Set up a second factor first."), "text/plain", 403)
        messages.info(
            request, _("Your role requires a second factor: a passkey or an authenticator app. Set one up to continue.")
        )
        return redirect("mfa_index")


class LimitMiddleware:
    """Answer 429 when a limit is reached, with the visitor's text to copy; views with forms show the error there."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return refuse(request, error) if isinstance(error, LimitReached) else None


def refuse(request: HttpRequest, error: LimitReached) -> HttpResponse:
    """Answer 429, and return the posted text."""
    if request.headers.get("X-Requested-With") == "fetch":
        response = HttpResponse(str(error), "text/plain", 429)
    else:
        response = render(request, "429.html", {"reason": str(error)}, status=429)
    response["Retry-After"] = error.seconds
    return response
