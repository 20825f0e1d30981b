"""Failed sign-ins: each attempt counts as a failure before it is checked, and no longer once it succeeds."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from accounts import allauth_internals, known_browsers
from accounts.models import LimitReached, User, limits
from accounts.models.visit import address_of


def counts_of(request: HttpRequest, credentials: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what a wrong password counts against, as (action, key).

    It counts against the account, whichever of its names was typed, and against the visitor's IP address; in a browser
    where the person is signed in, or has been before, against that browser alone. Unknown names count as if they were
    accounts, but are hashed, as some people type their password there.
    """
    name, email = credentials.get("username") or "", credentials.get("email") or ""
    user = allauth_internals.find_by_login(name, email)
    if user and (browser_id := known_browsers.id_of(request, user) or id_of_session(request, user)):
        return [("sign in", f"browser {user.pk} {browser_id}")]
    unknown = hashlib.sha256((name or email).lower().encode()).hexdigest()[:32]
    counts = [("sign in", f"account {user.pk}" if user else f"unknown name {unknown}")]
    address = address_of(request)
    return counts if limits.is_trusted(address) else [("sign in from", limits.network_of(address)), *counts]


def id_of_session(request: HttpRequest, user: User) -> str | None:
    """Return an id of the browser in which this person is signed in, and proves again who they are."""
    key = request.session.session_key if request.user == user else None
    return hashlib.sha256(key.encode()).hexdigest()[:16] if key else None


@contextmanager
def counted(action: str, key: object) -> Iterator[None]:
    """Count a failure unless the block succeeds; raise a validation error if there were too many."""
    try:
        limits.take_by_key(action, key)
    except LimitReached as error:
        raise get_adapter().validation_error("too_many_login_attempts") from error
    yield
    limits.give_back(action, key)
