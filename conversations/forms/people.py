"""What people enter about people: whom to talk with, whom to invite, whom to let go."""

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import LowerCaseField
from accounts.models import Role, User
from conversations.models import Conversation, Invitation
from conversations.models.access import people_visible_to
from conversations.models.conversation.conversation import DIRECT_PEOPLE
from conversations.models.invitation import to_invite_to

MOST_CHECKBOXES = 200
MOST_PEOPLE = 200  # added at once


class PeopleField(forms.Field):
    """People, by user name: boxes to tick while they are few, else names to type."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"autocapitalize": "none"}), **options)
        self.known = User.objects.none()

    def offer(self, people: list[User], known: QuerySet[User]) -> None:
        """Show these people to choose from, if they are not too many to show; only `known` ones are found by name."""
        self.known = known
        if len(people) <= MOST_CHECKBOXES:
            self.widget = forms.CheckboxSelectMultiple(choices=[(person.username, person) for person in people])
            self.help_text = "" if people else "There is nobody else here yet."
        else:
            self.help_text = _("User names, with blanks or commas between them.")

    def to_python(self, value: str | list[str] | None) -> list[User]:
        """Look people up; raise ValidationError that names who isn't there."""
        words = value if isinstance(value, list) else re.split(r"[\s,;]+", value or "")
        names = {word.lower().lstrip("@") for word in words if word}
        if len(names) > MOST_PEOPLE:
            raise ValidationError(_("Choose %(most)d people at most."), params={"most": MOST_PEOPLE})
        people = list(self.known.active().called(name for name in names if name.isprintable()).by_name())
        if unknown := names - {person.username for person in people}:
            raise ValidationError(
                _("There is nobody called %(names)s here."), params={"names": ", ".join(sorted(unknown))}
            )
        return people


class NewConversationForm(forms.Form):
    """What it takes to begin a conversation."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            (Conversation.Kind.OPEN, _("Open: everyone here can find, read and join it")),
            (Conversation.Kind.PRIVATE, _("Private: members only; nobody else can tell that it exists")),
            (Conversation.Kind.DIRECT, _("Direct: among the people you choose, for good")),
        ],
        initial=Conversation.Kind.OPEN,
        widget=forms.RadioSelect,
    )
    title = forms.CharField(
        label=_("Title"), max_length=255, required=False, help_text=_("A direct conversation needs none.")
    )
    topic = forms.CharField(
        label=_("Topic"), max_length=250, required=False, help_text=_("What it is about, if the title does not say.")
    )
    people = PeopleField(label=_("People"), required=False)

    def __init__(self, *args: Any, creator: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.creator = creator
        known = people_visible_to(creator)
        self.fields["people"].offer(list(known.active().other_than(creator).by_name()[: MOST_CHECKBOXES + 1]), known)
        if creator.is_guest:
            self.fields["kind"].choices = self.fields["kind"].choices[2:]
            self.initial["kind"] = Conversation.Kind.DIRECT

    def clean(self) -> None:
        is_direct = self.cleaned_data.get("kind") == Conversation.Kind.DIRECT
        others = set(self.cleaned_data.get("people", [])) - {self.creator}
        if not is_direct and not self.cleaned_data.get("title"):
            self.add_error("title", _("Give it a title by which others find it."))
        if is_direct and "people" in self.cleaned_data and not 1 <= len(others) < DIRECT_PEOPLE:
            words = _("Choose 1 to %(most)d people to talk with.")
            self.add_error("people", words % {"most": DIRECT_PEOPLE - 1})

    def start(self) -> Conversation:
        """Begin the conversation that the form describes, or find the direct one that is there."""
        data = self.cleaned_data
        if data["kind"] == Conversation.Kind.DIRECT:
            return Conversation.objects.direct(self.creator, data["people"])
        return Conversation.objects.start(self.creator, **data)


class AddPeopleForm(forms.Form):
    """People to add to a conversation."""

    people = PeopleField(label=_("Add people"))

    def __init__(self, *args: Any, conversation: Conversation, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.outside = [] if by.is_guest else list(conversation.people_outside()[: MOST_CHECKBOXES + 1])
        self.fields["people"].offer(self.outside, people_visible_to(by))


class InvitationForm(forms.Form):
    """Who may come in by a link, how many of them, until when, and to which conversations."""

    role = forms.ChoiceField(label=_("They become"))
    uses = forms.IntegerField(
        label=_("How many people may use it"), min_value=1, max_value=1000, initial=1, help_text=_("1 to 1,000.")
    )
    days = forms.ChoiceField(
        label=_("It lasts"),
        choices=[(1, _("One day")), (7, _("A week")), (30, _("30 days")), (365, _("A year"))],
        initial=7,
    )
    conversations = forms.ModelMultipleChoiceField(
        Conversation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Conversations they are in at once"),
        help_text=_("Guests see only these."),
    )
    email = LowerCaseField(label=_("Send it by mail to"), required=False, max_length=255, widget=forms.EmailInput)

    def __init__(self, *args: Any, inviting: User, sends_mail: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.inviting = inviting
        self.fields["role"].choices = [(role, Role(role).label) for role in inviting.roles_to_give()]
        self.initial["role"] = Role.MEMBER
        self.fields["conversations"].queryset = to_invite_to(inviting)
        if not sends_mail:
            del self.fields["email"]
        if not self.fields["conversations"].queryset.exists():
            self.fields["conversations"].help_text = _("There is none yet to which you could invite.")

    def clean_conversations(self) -> list[Conversation]:
        return list(self.cleaned_data["conversations"])

    def clean_email(self) -> str:
        if email := self.cleaned_data["email"]:
            forms.EmailField().clean(email)
        return email

    def clean(self) -> None:
        data = self.cleaned_data
        if data.get("role") == Role.GUEST and not data.get("conversations") and "conversations" not in self.errors:
            self.add_error("conversations", _("Choose where the guest may talk: a guest sees nothing else."))
        if data.get("email") and data.get("uses", 1) > 1:
            self.add_error("uses", _("What goes to one address is for one person."))

    def invite(self) -> Invitation:
        data = self.cleaned_data
        lasting = timedelta(days=int(data["days"]))
        email = data.get("email", "")
        return Invitation.objects.invite(
            self.inviting, data["role"], data["uses"], lasting, data["conversations"], email
        )


class AskForm(forms.Form):
    """An address to which an invitation is sent, if its domain is one whose people may sign up."""

    email = LowerCaseField(
        label=_("E-mail address"), max_length=150, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def clean_email(self) -> str:
        return forms.EmailField().clean(self.cleaned_data["email"])


class DeleteAccountForm(forms.Form):
    """What becomes of the words, and the name once more, to be sure who is meant."""

    words = forms.ChoiceField(
        label=_("What they wrote"),
        choices=[
            ("keep", _("stays: under their name for 30 days, then from “deleted account”")),
            ("delete", _("is deleted with the account, for everyone")),
        ],
        initial="keep",
        widget=forms.RadioSelect,
    )
    username = LowerCaseField(label=_("Their user name, to be sure"), max_length=50)

    def __init__(self, *args: Any, person: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person

    def clean_username(self) -> str:
        if self.cleaned_data["username"] != self.person.username:
            raise ValidationError(_("Type %(name)s to delete this account."), params={"name": self.person.username})
        return self.cleaned_data["username"]
