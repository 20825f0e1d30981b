"""The form that writes search operators, for people who do not know them."""

from typing import Any, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from conversations.forms.days import DayField
from conversations.forms.searched_people import SearchedPeopleField
from conversations.search.query import HAS, IS, Narrowing, SearchQuery

MAX_MENTIONED = 5
WORDS_FOR = {
    "link": _("a link"),
    "file": _("a file"),
    "code": _("code"),
    "reaction": _("a reaction"),
    "pinned": _("pinned"),
    "saved": _("saved by me"),
    "reply": _("a reply"),
}


def choices(values: tuple[str, ...]) -> list[tuple[str, Promise]]:
    return [(value, WORDS_FOR[value]) for value in values]


class NarrowForm(forms.Form):
    """Filters of a search, each of which becomes an operator."""

    q = forms.CharField(label=_("Words"), required=False, widget=forms.HiddenInput)
    sender = SearchedPeopleField(label=_("From"), required=False, most=1)
    conversation = forms.CharField(label=_("In"), required=False, help_text=_("The title of a conversation."))
    mentions = SearchedPeopleField(label=_("Mentions"), required=False, most=MAX_MENTIONED)
    has = forms.MultipleChoiceField(
        label=_("Has"),
        required=False,
        choices=choices(HAS),
        widget=forms.CheckboxSelectMultiple,
    )
    state = forms.MultipleChoiceField(
        label=_("Is"),
        required=False,
        choices=choices(IS),
        widget=forms.CheckboxSelectMultiple,
    )
    after = DayField(label=_("After the day"), required=False)
    before = DayField(label=_("Before the day"), required=False)

    PEOPLE = ("sender", "mentions")
    LISTS = (*PEOPLE, "has", "state")
    MOST = {"mentions": MAX_MENTIONED, "has": len(HAS), "state": len(IS)}  # of others one
    OPERATORS = {
        "sender": "from",
        "conversation": "in",
        "mentions": "mentions",
        "has": "has",
        "state": "is",
        "after": "after",
        "before": "before",
    }

    def __init__(self, *args: Any, by: User, query: SearchQuery | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in self.PEOPLE:
            self.people_field(name).look_for(by)
        if query:
            self.initial.update(self.initial_of(query))

    def people_field(self, name: str) -> SearchedPeopleField:
        return cast("SearchedPeopleField", self.fields[name])

    def operators(self) -> str:
        """Write the entered fields as operators, after the words."""
        found = [self.cleaned_data["q"]]
        for name, operator in self.OPERATORS.items():
            value = self.cleaned_data[name]
            for each in value if isinstance(value, list) else [value]:
                if each:
                    found.append(str(Narrowing(operator, each.username if isinstance(each, User) else str(each))))
        return " ".join(part for part in found if part)

    def initial_of(self, query: SearchQuery) -> dict[str, object]:
        """Return the fields for the operators of a query; operators without a field stay with the words."""
        fields = {operator: name for name, operator in self.OPERATORS.items()}
        shown: dict[str, list[Any]] = {name: [] for name in self.OPERATORS}
        rest: list[Narrowing] = []
        for each in query.narrowings:
            name = fields.get(each.name, "")
            value = None if each.is_excluded or not name else self.initial_value(name, each.value)
            if value is None or len(shown[name]) == self.MOST.get(name, 1):
                rest.append(each)
            else:
                shown[name].append(value)
        initial = {name: values if name in self.LISTS else values[0] for name, values in shown.items() if values}
        return initial | {"q": str(SearchQuery(query.terms, rest))}

    def initial_value(self, name: str, value: str) -> str | User | None:
        """Return what a field shows for the value of its operator; None if it cannot show that."""
        if name in self.PEOPLE:
            return self.people_field(name).only_one_called(value)
        return None if name in ("after", "before") and len(value) != len("2024-05-03") else value
