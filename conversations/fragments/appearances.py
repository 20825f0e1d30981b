"""How people appear in fragments."""

import json
from functools import lru_cache
from operator import attrgetter

from accounts.models import User
from accounts.models.user.appearing import Appearance


def appearance_of(user: User | None) -> Appearance | None:
    """Return how a page shows the sender of a message; None for deleted accounts."""
    return known_appearance(*columns_of_user(user)) if user else None


columns_of_user = attrgetter("id", "username", "display_name", "picture_digest")


@lru_cache(maxsize=10_000)
def known_appearance(pk: int, username: str, display_name: str, picture_digest: str) -> Appearance:
    """Return how a person with these columns appears; computed once for each state of their profile."""
    return User(pk=pk, username=username, display_name=display_name, picture_digest=picture_digest).appearance


@lru_cache(maxsize=10_000)
def appearance_in(face: str) -> Appearance:
    """Return how a person appears whose columns are in this JSON, from `with_face`."""
    return User(**json.loads(face)).appearance
