"""Known browsers: where somebody has signed in before, so that strangers who guess passwords do not keep them out.

A signed cookie names the person and a number of this browser, and nothing else. It signs nobody in: wrong passwords
sent with it are counted for this browser alone.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts.models import User

COOKIE = "known_browser"
SALT = "known browser"
MAX_AGE_SECONDS = 180 * 24 * 60 * 60
MAX_PEOPLE = 5  # who share a browser


def numbers_in(request: HttpRequest) -> dict[str, str]:
    """Read the people who have signed in with a browser: {id: number of the browser}."""
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=MAX_AGE_SECONDS)
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def number_of(request: HttpRequest, user: User | None) -> str | None:
    """Return the number of a browser where this person has signed in before; None if it is unknown."""
    return numbers_in(request).get(str(user.pk)) if user else None


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let a browser say later that this person has signed in with it."""
    others = {pk: number for pk, number in numbers_in(request).items() if pk != str(user.pk)}
    number = number_of(request, user) or secrets.token_hex(8)
    people = dict([*others.items(), (str(user.pk), number)][-MAX_PEOPLE:])
    response.set_cookie(
        COOKIE,
        signing.dumps(people, salt=SALT),
        max_age=MAX_AGE_SECONDS,
        path="/accounts/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
