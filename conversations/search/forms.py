"""The form that writes search operators, for people who do not know them."""

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.forms.days import DayField
from conversations.search.query import HAS, IS, Narrowing, SearchQuery

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
    sender = forms.CharField(label=_("From"), required=False, help_text=_("A user name, or “me”."))
    conversation = forms.CharField(label=_("In"), required=False, help_text=_("The title of a conversation."))
    mentions = forms.CharField(label=_("Mentions"), required=False, help_text=_("A user name, or “me”."))
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

    OPERATORS = {
        "sender": "from",
        "conversation": "in",
        "mentions": "mentions",
        "has": "has",
        "state": "is",
        "after": "after",
        "before": "before",
    }

    def operators(self) -> str:
        """Write the entered fields as operators, after the words."""
        found = [self.cleaned_data["q"]]
        for name, operator in self.OPERATORS.items():
            value = self.cleaned_data[name]
            found += [
                str(Narrowing(operator, str(each))) for each in (value if isinstance(value, list) else [value]) if each
            ]
        return " ".join(part for part in found if part)


def initial_of(query: SearchQuery) -> dict[str, object]:
    """Return the form fields for the operators of a query; operators without a field stay with the words."""
    operators = {operator: name for name, operator in NarrowForm.OPERATORS.items()}
    initial: dict[str, object] = {"has": query.values("has"), "state": query.values("is")}
    rest: list[Narrowing] = []
    for each in query.narrowings:
        name = operators.get(each.name, "")
        is_shown = bool(name) and not each.is_excluded and (each.name in ("has", "is") or name not in initial)
        if is_shown and each.name in ("after", "before"):
            is_shown = len(each.value) == len("2024-05-03")
        if not is_shown:
            rest.append(each)
        elif each.name not in ("has", "is"):
            initial[name] = each.value
    return initial | {"q": str(SearchQuery(query.terms, rest))}
