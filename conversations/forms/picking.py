"""Choosing several people or conversations from many: what has been chosen, and a search for more.

With JavaScript, <chip-picker> searches while somebody types. Without it, the form is submitted with words to search
for, and shows what was found as checkboxes, beside those that are already checked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

MAX_OFFERED = 20  # before somebody searches
MAX_FOUND = 100
MAX_WORDS = 5
MAX_CHARACTERS = 100


@dataclass
class Picked:
    """What a form contains: the keys of what is chosen, and words to search for."""

    keys: list[str] = field(default_factory=list)
    search: str = ""
    is_shown: bool = False  # the page that sent this showed what was found


def words_of(text: str) -> list[str]:
    """Split what somebody searches for into words, without the signs before names."""
    typed = text[:MAX_CHARACTERS].replace("\0", "")
    return [word for word in re.split(r"[\s,;]+[#@]*", f" {typed}") if word][:MAX_WORDS]


class Picker(forms.Widget):
    """Chips with a box to search in; each `PickerField` has its own, which knows where to look."""

    template_name = "people/_picker.html"
    use_fieldset = True
    source: "PickerField"
    suggestions = ""  # the address where <chip-picker> searches
    placeholder = ""
    conversation: int | None = None  # of which the suggested people are not members

    def value_from_datadict(self, data: Any, files: MultiValueDict, name: str) -> Picked:
        keys = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        search, searched = (data.get(f"{name}-{each}", "").strip() for each in ("search", "searched"))
        return Picked(
            [keys] if isinstance(keys, str) else list(keys), search, is_shown=bool(search) and search == searched
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        if isinstance(value, str):  # of an address
            value = Picked([value])
        picked = value if isinstance(value, Picked) else Picked([self.source.key_of(each) for each in value or []])
        chosen = list(self.source.called(self.source.split(picked.keys)[: self.source.most]))
        keys = {self.source.key_of(each) for each in chosen}
        found = [each for each in self.source.offered(words_of(picked.search)) if self.source.key_of(each) not in keys]
        shown = {"chosen": self.rows(chosen), "found": self.rows(found), "search": picked.search}
        return super().get_context(name, value, attrs) | {"picker": self, **shown}

    def rows(self, things: Sequence[Any]) -> list[dict[str, Any]]:
        return [{"key": self.source.key_of(each), "row": each} for each in things]


class PickerField(forms.Field):
    """Things chosen from many. Subclasses find them by key, and by words."""

    widget = Picker
    row_template = ""
    most = 200  # chosen at once

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages.setdefault("required", _("Choose at least one."))

    def look_in(self, suggestions: str, placeholder: str = "") -> None:
        """Let the widget of this form's copy of the field search in this copy."""
        widget = cast("Picker", self.widget)
        widget.source, widget.suggestions, widget.placeholder = self, suggestions, placeholder

    def key_of(self, thing: Any) -> str:
        raise NotImplementedError

    def called(self, keys: Sequence[str]) -> Sequence[Any]:
        raise NotImplementedError

    def offered(self, words: Sequence[str]) -> Sequence[Any]:
        raise NotImplementedError

    def unknown(self, keys: Sequence[str]) -> ValidationError:
        raise NotImplementedError

    def split(self, keys: Sequence[str]) -> list[str]:
        """Return each key once; several may be typed into one field."""
        return list(dict.fromkeys(word for key in keys for word in re.split(r"[\s,;]+", key) if word))

    def to_python(self, value: Picked | None) -> list[Any]:
        """Find what is chosen; raise ValidationError for unknown keys, and while somebody searches."""
        picked = value or Picked()
        keys = self.split(picked.keys)
        if len(keys) > self.most:
            raise ValidationError(_("Choose at most %(most)d."), params={"most": self.most})
        found = list(self.called(keys))
        if unknown := [key for key in keys if key not in {self.key_of(each) for each in found}]:
            raise self.unknown(unknown)
        if not picked.is_shown and (words := words_of(picked.search)):
            if not self.offered(words):
                words_shown = _("Nothing found for “%(search)s”. Try fewer letters.")
                raise ValidationError(words_shown, params={"search": picked.search}, code="search")
            raise ValidationError(_("Choose from the list below, then continue."), code="search")
        return found
