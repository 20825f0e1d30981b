"""Passwords can be off, if everyone signs in at a provider or with a passkey: then their pages do not exist."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse


def with_passwords(view: Callable) -> Callable:
    """Make a view answer 404 where passwords are off."""

    @wraps(view)  # also copies the mark of `login_not_required`
    def answer(request: HttpRequest, *args: str, **options: str) -> HttpResponse:
        if not settings.PASSWORDS:
            raise Http404
        return view(request, *args, **options)

    return answer
