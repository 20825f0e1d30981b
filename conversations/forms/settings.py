"""Forms for the settings of a conversation: its title and topic, and its kind."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.user.name import NameFormField
from conversations.forms.titles import WithTitle
from conversations.models import Conversation
from conversations.models.conversation.visibility import Reach


class TitleForm(WithTitle, forms.ModelForm):
    """The title and topic of a conversation."""

    title = NameFormField(
        label=_("Title"), max_length=255, error_messages={"required": _("Give it a title so that others can find it.")}
    )
    topic = NameFormField(
        label=_("Topic"),
        max_length=250,
        required=False,
        help_text=_("Optional. What the conversation is about."),
        empty_value="",
    )

    class Meta:
        model = Conversation
        fields = ["title", "topic"]

    def __init__(self, *args: Any, conversation: Conversation, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.conversation, self.by = conversation, by

    def clean(self) -> None:
        if self.conversation.kind == Conversation.Kind.OPEN and "title" in self.changed_data:
            self.warn_of_same_title(other_than=self.conversation)


class KindForm(forms.Form):
    """The reach that the page showed, submitted as the confirmation."""

    messages = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    people = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def confirmed(self) -> Reach:
        return Reach(**self.cleaned_data)
