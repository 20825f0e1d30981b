"""What people enter about a conversation: how it is called, who may do what in it, and what it tells them of."""

from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.models import Conversation
from conversations.models.conversation.managing import Reach
from conversations.models.conversation.membership import MemberRole, Notify


class TitleForm(forms.ModelForm):
    """The title by which others find a conversation, and what it is about."""

    title = forms.CharField(
        label=_("Title"), max_length=255, error_messages={"required": _("Give it a title by which others find it.")}
    )
    topic = forms.CharField(
        label=_("Topic"),
        max_length=250,
        required=False,
        help_text=_("What it is about, if the title does not say."),
        empty_value="",
    )

    class Meta:
        model = Conversation
        fields = ["title", "topic"]


class NotifyForm(forms.Form):
    """Which messages of a conversation count for one of its members."""

    notify = forms.ChoiceField(label=_("What counts as unread for me"), choices=Notify, widget=forms.RadioSelect)


class MemberRoleForm(forms.Form):
    """What a member may do."""

    role = forms.ChoiceField(choices=MemberRole)


class KindForm(forms.Form):
    """Yes to what a page has said: how many messages so many people will see, or not any more."""

    messages = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    people = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def shown(self) -> Reach:
        return Reach(**self.cleaned_data)
