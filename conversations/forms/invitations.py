"""Forms to invite people, and to request an invitation."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import LowerCaseField
from accounts.models import Role, User
from conversations.forms.several_conversations import ConversationsField
from conversations.models import Conversation, Invitation
from conversations.models.invitation import to_invite_to


class InvitationForm(forms.Form):
    """An invite link: the role it gives, how many people may use it, how long, and for which conversations."""

    role = forms.ChoiceField(label=_("Role"))
    uses = forms.IntegerField(
        label=_("How many people may use it"),
        min_value=1,
        max_value=1000,
        initial=1,
        help_text=_("1 to 1,000. Anyone with the link can use it."),
    )
    days = forms.ChoiceField(
        label=_("Expires after"),
        choices=[(1, _("One day")), (7, _("A week")), (30, _("30 days")), (365, _("A year"))],
        initial=1,
    )
    conversations = ConversationsField(
        label=_("Add them to these conversations"),
        required=False,
        help_text=_("In addition to the default conversations. Guests see only these."),
    )
    email = LowerCaseField(
        label=_("Send the invite link by mail to"), required=False, max_length=255, widget=forms.EmailInput
    )

    def __init__(self, *args: Any, by: User, sends_mail: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.by = by
        cast("forms.ChoiceField", self.fields["role"]).choices = [
            (role, Role(role).label) for role in by.roles_to_give()
        ]
        self.initial["role"] = Role.MEMBER
        field = cast("ConversationsField", self.fields["conversations"])
        field.look_among(to_invite_to(by), "invitation-suggestions")
        if not sends_mail:
            del self.fields["email"]

    def clean_email(self) -> str:
        if email := self.cleaned_data["email"]:
            forms.EmailField().clean(email)
        return email

    def clean(self) -> None:
        data = self.cleaned_data
        if data.get("role") == Role.GUEST and not data.get("conversations") and "conversations" not in self.errors:
            self.add_error("conversations", _("Choose the conversations of the guest, who sees nothing else."))
        if data.get("email") and data.get("uses", 1) > 1:
            self.add_error("uses", _("An invitation sent to one address is for one person."))

    def invite(self) -> Invitation:
        data = self.cleaned_data
        lasting = timedelta(days=int(data["days"]))
        email = data.get("email", "")
        return Invitation.objects.invite(self.by, data["role"], data["uses"], lasting, data["conversations"], email)


class RequestInvitationForm(forms.Form):
    """The address to send an invitation to, if people at its domain may sign up."""

    email = LowerCaseField(
        label=_("E-mail address"), max_length=150, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def clean_email(self) -> str:
        return forms.EmailField().clean(self.cleaned_data["email"])


class DefaultConversationsForm(forms.Form):
    """The conversations that newcomers join on their first visit."""

    conversations = ConversationsField(
        label=_("Default conversations"),
        required=False,
        help_text=_("New people join these automatically, except guests. Choose from the open conversations."),
    )

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.by = by
        field = cast("ConversationsField", self.fields["conversations"])
        field.look_among(Conversation.objects.to_join_by_default(by), "default-suggestions")
        self.initial["conversations"] = list(Conversation.objects.defaults(by))

    def save(self) -> None:
        Conversation.objects.set_defaults(self.by, self.cleaned_data["conversations"])
