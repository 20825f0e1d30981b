"""Addresses that act on a thing: they take a form, and redirect a plain visit to the page of the thing.

Such a visit happens after signing in again: a session that ended meanwhile redirects to the sign-in page and back.
"""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from conversations.views.showing import updates_in_place


def verb(noun: str) -> Callable:
    """Let a view of the `noun` with this id answer POST alone; a refusal is answered to our scripts as plain words."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def answer(request: HttpRequest, pk: int, **more: str) -> HttpResponse:
            if request.method != "POST":
                return redirect(noun, pk)
            try:
                return view(request, pk, **more)
            except PermissionDenied as error:
                if not updates_in_place(request):
                    raise
                return HttpResponse(str(error), "text/plain", 403)

        return answer

    return decorate
