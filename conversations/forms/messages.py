"""Forms to write messages, and to act on them."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models.user.name import NameFormField
from conversations.forms.files import FilesField
from conversations.models import Attachment, Conversation
from conversations.models.message.message import MAX_CHARACTERS


class WordsField(forms.CharField):
    """The text of a message; undoes the line breaks of browsers, so that each counts as one character."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, max_length=MAX_CHARACTERS, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Set no limit in the browser, which would silently cut pasted text."""
        return {}

    def to_python(self, value: str | None) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class TextForm(forms.Form):
    """The text of a message."""

    content = WordsField(
        label=_("Message"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 1, "placeholder": _("Write a message"), "autocomplete": "off"}),
    )

    def clean_content(self) -> str:
        """Strip the white space at the end only."""
        return self.cleaned_data["content"].rstrip()

    @property
    def is_too_long(self) -> bool:
        """Return whether the text is too long for a message, so that the page offers to send it as a file."""
        return any(error.code == "max_length" for error in self.errors.as_data().get("content", []))


class MessageForm(TextForm):
    """A message, with a key that makes posting it twice harmless."""

    files = FilesField(required=False)  # type: ignore[assignment]  # Django takes declared fields out of the class
    # One description for all pictures, unless our script sends one for each file.
    description = forms.CharField(
        label=_("Descriptions of the pictures"), required=False, help_text=_("For people who can’t see them. Optional.")
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput({"id": False}), initial=uuid4)  # a page may have two
    reply_to = forms.IntegerField(required=False, widget=forms.HiddenInput)
    quote = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    # From the box of a thread, and whether the reply goes to the conversation, too.
    in_thread = forms.BooleanField(required=False, widget=forms.HiddenInput)
    in_conversation = forms.BooleanField(required=False)

    @property
    def descriptions(self) -> list[str]:
        """The description of each file."""
        files = self.cleaned_data["files"]
        given = self.data.getlist("description") if isinstance(self.data, QueryDict) else []
        return given if len(given) == len(files) else [self.cleaned_data["description"]] * len(files)

    @property
    def is_for_thread(self) -> bool:
        """Return whether the form was sent from the box of a thread."""
        return bool(self.data.get("in_thread"))

    @property
    def had_files(self) -> bool:
        """Return whether the form was sent with files, which browsers never fill in again."""
        return bool(self.files)


# One form for everyone without a draft, so that its HTML can be cached; `composer` fills in the key.
BLANK = MessageForm()


def drafted(conversation: Conversation) -> MessageForm:
    """Return a form with the reader's draft, whose key makes posting it twice harmless; else BLANK."""
    draft = {"content": conversation.draft, "client_key": conversation.draft_key}
    return MessageForm(initial=draft) if conversation.draft else BLANK


class DraftForm(forms.Form):
    """A draft, with the key that its message will have."""

    words = WordsField(required=False)
    client_key = forms.UUIDField()


class EditForm(TextForm):
    """A new text for a message, and files to add and remove.

    It needs no key: saving the same text twice is harmless, and a browser sends chosen files once.
    """

    files = FilesField(required=False)  # type: ignore[assignment]  # Django takes declared fields out of the class
    remove = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *arguments: Any, attached: Iterable[Attachment] = (), **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.attached = attached  # queried only if the form is shown, or removes one
        self.fields["remove"].choices = lambda: [(file.pk, file.name) for file in attached]  # type: ignore[attr-defined]


class ReactionForm(forms.Form):
    """A reaction to add or to remove."""

    emoji = forms.CharField(
        label=_("An emoji, or its name, for example :tada:"),
        max_length=100,  # longer than any name with a skin tone
        error_messages={"required": _("Choose an emoji.")},
    )
    remove = forms.BooleanField(required=False, widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """The reason for an act that affects other people."""

    reason = NameFormField(label=_("Reason (optional)"), max_length=250, required=False)
    sure = forms.BooleanField(initial=True, required=False, widget=forms.HiddenInput)


class ReadMarkerForm(forms.Form):
    """The last message shown by the page."""

    message = forms.IntegerField()
