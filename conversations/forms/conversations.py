"""Forms to start a conversation, and to add people to it."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.user.name import NameFormField
from conversations.forms.people import PeopleField
from conversations.forms.titles import WithTitle
from conversations.models import Conversation
from conversations.models.access import people_visible_to
from conversations.models.starting import MAX_DIRECT_PEOPLE

KINDS = [
    (Conversation.Kind.OPEN, _("Open: everyone here can find, read and join it")),
    (Conversation.Kind.PRIVATE, _("Private: members only; nobody else can tell that it exists")),
    (Conversation.Kind.DIRECT, _("Direct: only you and the people you choose; nobody can be added later")),
]


class NewConversationForm(WithTitle):
    """A conversation to start."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=KINDS,
        initial=Conversation.Kind.OPEN,
        widget=forms.RadioSelect,
    )
    title = NameFormField(
        label=_("Title"), max_length=255, required=False, help_text=_("Short and clear, for example Town hall.")
    )
    topic = NameFormField(
        label=_("Topic"), max_length=250, required=False, help_text=_("Optional. What the conversation is about.")
    )
    people = PeopleField(label=_("People"), required=False)

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.by = by
        known = people_visible_to(by)
        cast("PeopleField", self.fields["people"]).look_among(known.active().other_than(by), known)
        if by.is_guest:
            cast("forms.ChoiceField", self.fields["kind"]).choices = KINDS[2:]
            self.initial["kind"] = Conversation.Kind.DIRECT
        self.is_direct = self["kind"].value() == Conversation.Kind.DIRECT
        if self.is_direct:
            for name in ("kind", "title", "topic"):
                self.fields[name].widget = forms.HiddenInput()
            self.fields["people"].widget.attrs["autofocus"] = True

    def clean(self) -> None:
        is_direct = self.cleaned_data.get("kind") == Conversation.Kind.DIRECT
        others = set(self.cleaned_data.get("people", [])) - {self.by}
        if not is_direct and not self.cleaned_data.get("title"):
            self.add_error("title", _("Give it a title so that others can find it."))
        if is_direct and "people" in self.cleaned_data and not 1 <= len(others) < MAX_DIRECT_PEOPLE:
            words = _("Choose 1 to %(most)d people to talk to.")
            self.add_error("people", words % {"most": MAX_DIRECT_PEOPLE - 1})
        if self.cleaned_data.get("kind") == Conversation.Kind.OPEN and "title" not in self.errors:
            self.warn_of_same_title()

    def start(self) -> Conversation:
        """Start the conversation, or return the direct conversation that already exists."""
        data = self.cleaned_data
        if data["kind"] == Conversation.Kind.DIRECT:
            return Conversation.objects.direct(self.by, data["people"])
        return Conversation.objects.start(self.by, data["title"], data["kind"], data["people"], data["topic"])


class AddPeopleForm(forms.Form):
    """People to add to a conversation."""

    people = PeopleField(label=_("Add people"))

    def __init__(self, *args: Any, conversation: Conversation, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        outside = User.objects.none() if by.is_guest else conversation.people_outside()
        field = cast("PeopleField", self.fields["people"])
        field.look_among(outside, people_visible_to(by))
        field.widget.conversation = conversation.pk

    @property
    def has_people_outside(self) -> bool:
        return bool(cast("PeopleField", self.fields["people"]).offered_at_first)
