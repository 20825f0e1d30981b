"""Addresses that do something: they take a form, and lead who merely goes there to the thing that it is about.

One goes there without a form by signing in again: a session that ended meanwhile asks for it, then leads back.
"""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models.limits import take
from conversations.views.showing import is_in_place


def verb(noun: str, limit: str = "change") -> Callable:
    """Let a view of the `noun` with this id answer to POST alone, and to nobody more often than `limit` says.

    To our script a refusal is its words.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def answer(request: HttpRequest, pk: int, **more: str) -> HttpResponse:
            if request.method != "POST":
                return redirect(noun, pk)
            if limit and request.user.is_authenticated:
                take(limit, request.user)
            try:
                return view(request, pk, **more)
            except PermissionDenied as error:
                if not is_in_place(request):
                    raise
                return HttpResponse(str(error), "text/plain", 403)

        return answer

    return decorate
