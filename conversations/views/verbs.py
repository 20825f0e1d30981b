"""Addresses that do something: they take a form, and lead who merely goes there to the thing that it is about.

One goes there without a form by signing in again: a session that ended meanwhile asks for it, then leads back.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def verb(noun: str) -> Callable:
    """Let a view of the `noun` with this id answer to POST alone."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def answer(request: HttpRequest, pk: int) -> HttpResponse:
            return view(request, pk) if request.method == "POST" else redirect(noun, pk)

        return answer

    return decorate
