"""Known browsers: where somebody has signed in before, so that strangers who guess passwords do not lock them out.

A signed cookie holds ids of the person and of this browser, and nothing else. It signs nobody in: it only makes wrong
passwords count against this browser alone.
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


def ids_in(request: HttpRequest) -> dict[str, str]:
    """Read who has signed in with a browser: {id of the person: id of the browser}."""
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=MAX_AGE_SECONDS)
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def id_of(request: HttpRequest, user: User | None) -> str | None:
    """Return the id of a browser in which this person has signed in before; None for an unknown browser."""
    return ids_in(request).get(str(user.pk)) if user else None


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Make this a known browser of a person who has just signed in."""
    others = {pk: browser_id for pk, browser_id in ids_in(request).items() if pk != str(user.pk)}
    browser_id = id_of(request, user) or secrets.token_hex(8)
    people = dict([*others.items(), (str(user.pk), browser_id)][-MAX_PEOPLE:])
    response.set_cookie(
        COOKIE,
        signing.dumps(people, salt=SALT),
        max_age=MAX_AGE_SECONDS,
        path="/accounts/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
