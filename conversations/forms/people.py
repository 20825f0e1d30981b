"""The form field for people."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.people import UserQuerySet
from conversations.forms.picking import MAX_FOUND, MAX_OFFERED, PickerField
from conversations.text.folding import fold


class PeopleField(PickerField):
    """People, by user name."""

    row_template = "people/_picked_person.html"

    def look_among(self, people: UserQuerySet, known: UserQuerySet) -> None:
        """Offer `people`, but accept all that are `known`: an open page may offer somebody who is added meanwhile."""
        self.people, self.known = people, known
        self.look_in(reverse("people-suggestions"), str(_("Search by name")))

    def key_of(self, thing: User) -> str:
        return thing.username

    def split(self, keys: Sequence[str]) -> list[str]:
        return [fold(key).lstrip("@") for key in super().split(keys)]

    def called(self, keys: Sequence[str]) -> list[User]:
        return list(self.known.active().called(key for key in keys if key.isprintable()).by_name())

    def offered(self, words: Sequence[str]) -> list[User]:
        return list(self.people.picked_by(words)[:MAX_FOUND]) if words else self.offered_at_first

    @cached_property
    def offered_at_first(self) -> list[User]:
        """The first people who can be chosen, before somebody searches."""
        return list(self.people.by_name()[:MAX_OFFERED])

    def unknown(self, keys: Sequence[str]) -> ValidationError:
        return ValidationError(_("Nobody here is called %(names)s."), params={"names": ", ".join(sorted(keys))})
