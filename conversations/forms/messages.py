"""What people enter about messages."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.forms.files import FilesField
from conversations.fragments import KEY_HOLE
from conversations.models import Conversation
from conversations.models.message.message import MAX_CHARACTERS
from conversations.models.message.posting import GONE, ReplyTargetGone


class WordsField(forms.CharField):
    """What people write, with the newlines that browsers change as they were typed: each is one character."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, max_length=MAX_CHARACTERS, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Set no limit in the browser, which would cut silently what is pasted."""
        return {}

    def to_python(self, value: str | None) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class MessageForm(forms.Form):
    """A message, with the key by which sending it twice is sending it once."""

    content = WordsField(
        label=_("Message"),
        required=False,
        error_messages={"required": _("Write something first.")},
        widget=forms.Textarea(attrs={"rows": 1, "placeholder": _("Write a message"), "autocomplete": "off"}),
    )
    files = FilesField(required=False)
    # Of all pictures; our script sends one for each file.
    description = forms.CharField(
        label=_("What the pictures show"), required=False, help_text=_("For who can’t see them. Not needed.")
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput({"id": False}), initial=uuid4)  # a page may have two
    reply_to = forms.IntegerField(required=False, widget=forms.HiddenInput)
    quote = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    in_thread = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def to_post(self, conversation: Conversation) -> dict[str, Any]:
        """Give what posting takes; raise ReplyTargetGone where there is nothing to answer any more."""
        data = {name: self.cleaned_data[name] for name in ("content", "client_key", "quote")}
        if number := self.cleaned_data["reply_to"]:
            data["reply_to"] = conversation.messages.not_deleted().filter(pk=number).first()
            if data["reply_to"] is None:
                raise ReplyTargetGone(GONE)
        return data

    def clean_content(self) -> str:
        """Keep what was typed, but for the blanks at the end."""
        return self.cleaned_data["content"].rstrip()

    def clean(self) -> None:
        data = self.cleaned_data
        if not data.get("content") and not data.get("files") and not self.errors:
            self.add_error("content", self.fields["content"].error_messages["required"])

    @property
    def descriptions(self) -> list[str]:
        """What was said about each file."""
        files, told = self.cleaned_data["files"], self.data.getlist("description")
        return told if len(told) == len(files) else [self.cleaned_data["description"]] * len(files)

    @property
    def had_files(self) -> bool:
        """Tell whether files were sent, which no browser fills in again."""
        return bool(self.files)

    @property
    def is_too_long(self) -> bool:
        """Tell whether the words are better sent as a file."""
        return any(error.code == "max_length" for error in self.errors.as_data().get("content", []))


# For all who have begun nothing: who renders it fills the hole.
BLANK = MessageForm(initial={"client_key": KEY_HOLE})


class DraftForm(forms.Form):
    """Words that somebody may send later, with the key that they will have then."""

    words = WordsField(required=False)
    client_key = forms.UUIDField()


class EditForm(MessageForm):
    """Other words for a message; saving them twice is no danger, so they need no key."""

    client_key = files = description = reply_to = quote = in_thread = None

    def __init__(self, *args: Any, has_files: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.has_files = has_files

    def clean(self) -> None:
        """Let files go without words."""
        if not self.has_files:
            super().clean()


class ReactionForm(forms.Form):
    """An emoji to put under a message, or to take away."""

    emoji = forms.CharField(
        label=_("An emoji, or its name as :tada:"), max_length=40, error_messages={"required": _("Choose an emoji.")}
    )
    remove = forms.BooleanField(required=False, widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why somebody does something that concerns others."""

    reason = forms.CharField(label=_("Why"), max_length=250, required=False)
    sure = forms.BooleanField(initial=True, required=False, widget=forms.HiddenInput)


class ReadMarkerForm(forms.Form):
    """The last message that a page showed."""

    message = forms.IntegerField()
