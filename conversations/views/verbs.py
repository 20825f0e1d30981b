"""Views that act on an object: they accept POST alone, and redirect GET to the page of the object.

Such a GET follows a sign-in: a POST after the session has ended redirects to the sign-in page, which leads back.
"""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from conversations.views.showing import updates_in_place


def verb(noun: str) -> Callable:
    """Make a view accept POST alone and redirect GET to the page of the `noun`; refuse our scripts in plain text."""

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
