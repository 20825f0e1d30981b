"""What people enter about messages."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from conversations.forms.files import FilesField
from conversations.models.message.message import MAX_CHARACTERS


class WordsField(forms.CharField):
    """What people write, with the newlines that browsers change as they were typed: each is one character."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, max_length=MAX_CHARACTERS, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Set no limit in the browser, which would cut silently what is pasted."""
        return {}

    def to_python(self, value: str | None) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class TextForm(forms.Form):
    """The text of a message."""

    content = WordsField(
        label=_("Message"),
        required=False,
        error_messages={"required": _("Write something first.")},
        widget=forms.Textarea(attrs={"rows": 1, "placeholder": _("Write a message"), "autocomplete": "off"}),
    )

    def clean_content(self) -> str:
        """Keep the text as it was typed, except for the blanks at the end."""
        return self.cleaned_data["content"].rstrip()

    def clean(self) -> None:
        if not self.cleaned_data.get("content") and not self.may_be_empty() and not self.errors:
            self.add_error("content", self.fields["content"].error_messages["required"])

    def may_be_empty(self) -> bool:
        """Tell whether the message has files, which need no text beside them."""
        return False

    @property
    def is_too_long(self) -> bool:
        """Tell whether the text is better sent as a file."""
        return any(error.code == "max_length" for error in self.errors.as_data().get("content", []))


class MessageForm(TextForm):
    """A message, with the key by which sending it twice is sending it once."""

    files = FilesField(required=False)  # type: ignore[assignment]  # Django takes declared fields out of the class
    # Of all pictures; our script sends one for each file.
    description = forms.CharField(
        label=_("What the pictures show"), required=False, help_text=_("For who can’t see them. Not needed.")
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput({"id": False}), initial=uuid4)  # a page may have two
    reply_to = forms.IntegerField(required=False, widget=forms.HiddenInput)
    quote = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    in_thread = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def may_be_empty(self) -> bool:
        return bool(self.cleaned_data.get("files"))

    @property
    def descriptions(self) -> list[str]:
        """The description of each file."""
        files = self.cleaned_data["files"]
        given = self.data.getlist("description") if isinstance(self.data, QueryDict) else []
        return given if len(given) == len(files) else [self.cleaned_data["description"]] * len(files)

    @property
    def had_files(self) -> bool:
        """Tell whether files were sent, which no browser fills in again."""
        return bool(self.files)


# For everybody who has begun nothing: one form, so that its HTML can be cached. It gets its key where it is rendered.
BLANK = MessageForm()


class DraftForm(forms.Form):
    """Words that somebody may send later, with the key that they will have then."""

    words = WordsField(required=False)
    client_key = forms.UUIDField()


class EditForm(TextForm):
    """Another text for a message; saving it twice does no harm, so it needs no key."""

    def __init__(self, *args: Any, has_files: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.has_files = has_files

    def may_be_empty(self) -> bool:
        return self.has_files


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
