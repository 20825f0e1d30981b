"""The form field for the people that a search names: the author of messages, or whom they mention."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from conversations.forms.people import PeopleField
from conversations.forms.picking import Picked
from conversations.models.access import people_visible_to
from conversations.search.plan import Reader, UnknownName

ME = "me"


class SearchedPeopleField(PeopleField):
    """People whom the reader may know of, also themselves and those who have left."""

    def __init__(self, *, most: int, **options: Any) -> None:
        super().__init__(**options)
        self.most = most

    def look_for(self, user: User) -> None:
        """Offer everyone whom `user` may know of."""
        self.reader = Reader(user, timezone.get_current_timezone())
        visible = people_visible_to(user)
        self.look_among(visible, visible)
        self.look_in(reverse("searched-people-suggestions"), str(_("Search by name")))

    def offered(self, words: Sequence[str]) -> list[User]:
        return super().offered(words) if words else []

    def split(self, keys: Sequence[str]) -> list[str]:
        return list(dict.fromkeys(self.reader.user.username if key == ME else key for key in super().split(keys)))

    def called(self, keys: Sequence[str]) -> list[User]:
        return list(self.known.called(key for key in keys if key.isprintable()).by_name())

    def to_python(self, value: Picked | None) -> list[User]:
        """Accept what only one person is called, too, as search does."""
        typed = value.search if value else ""
        person = self.only_one_called(typed) if typed else None
        return super().to_python(Picked([*value.keys, person.username]) if value and person else value)

    def only_one_called(self, name: str) -> User | None:
        """Find the only person whom search knows by this name."""
        try:
            found = self.reader.people_called(name.replace("\0", ""))
        except UnknownName:
            return None
        return self.known.get(pk=found[0]) if len(found) == 1 else None
