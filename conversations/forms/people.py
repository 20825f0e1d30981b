"""The form field for people: checkboxes, or user names to type."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.people import UserQuerySet
from conversations.text.folding import fold

MAX_CHECKBOXES = 200
MAX_PEOPLE = 200  # added at once


class PeopleField(forms.Field):
    """People by user name: checkboxes for up to MAX_CHECKBOXES, else names to type."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"autocapitalize": "none"}), **options)
        self.known = User.objects.none()

    def offer(self, people: UserQuerySet, known: UserQuerySet) -> list[User]:
        """Offer `people` as checkboxes, unless there are too many; accept only the names of `known` people.

        Returns the first MAX_CHECKBOXES + 1 of `people`; if there are so many, names have to be typed.
        """
        self.known = known
        offered = list(people[: MAX_CHECKBOXES + 1])
        if len(offered) <= MAX_CHECKBOXES:
            self.widget = forms.CheckboxSelectMultiple(choices=[(person.username, person) for person in offered])
            self.help_text = "" if offered else "There is nobody else here yet."
        else:
            self.help_text = _("User names, separated by spaces or commas.")
        return offered

    def to_python(self, value: str | list[str] | None) -> list[User]:
        """Look up people by user name; raise ValidationError with the unknown names."""
        words = value if isinstance(value, list) else re.split(r"[\s,;]+", value or "")
        names = {fold(word).lstrip("@") for word in words if word}
        if len(names) > MAX_PEOPLE:
            raise ValidationError(_("Choose at most %(most)d people."), params={"most": MAX_PEOPLE})
        people = list(self.known.active().called(name for name in names if name.isprintable()).by_name())
        if unknown := names - {person.username for person in people}:
            raise ValidationError(_("Nobody here is called %(names)s."), params={"names": ", ".join(sorted(unknown))})
        return people
