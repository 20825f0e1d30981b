"""What people enter: messages, new conversations, and the people to talk with."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from accounts.models import User
from conversations.models import Conversation
from conversations.models.conversation import DIRECT_PEOPLE
from conversations.models.message import FIRST_DAY, LAST_DAY, MAX_CHARACTERS

MOST_CHECKBOXES = 200
MOST_PEOPLE = 200  # added at once
MOST_DAYS = timedelta(days=366)


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
        label="Message",
        error_messages={"required": "Write something first."},
        widget=forms.Textarea(attrs={"rows": 1, "placeholder": "Write a message", "autocomplete": "off"}),
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def clean_content(self) -> str:
        """Keep what was typed, but for the blanks at the end."""
        content = self.cleaned_data["content"].rstrip()
        if not content:
            raise ValidationError(self.fields["content"].error_messages["required"])
        return content


class DraftForm(forms.Form):
    """Words that somebody may send later, with the key that they will have then."""

    words = WordsField(required=False)
    client_key = forms.UUIDField()


class EditForm(MessageForm):
    """Other words for a message; saving them twice is no danger, so they need no key."""

    client_key = None


class ReadMarkForm(forms.Form):
    """The last message that a page showed."""

    message = forms.IntegerField()


class PeopleField(forms.Field):
    """People, by user name: boxes to tick while they are few, else names to type."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"autocapitalize": "none"}), **options)

    def offer(self, people: list[User]) -> None:
        """Show these people to choose from, if they are not too many to show."""
        if len(people) <= MOST_CHECKBOXES:
            self.widget = forms.CheckboxSelectMultiple(choices=[(person.username, person) for person in people])
            self.help_text = "" if people else "There is nobody else here yet."
        else:
            self.help_text = "User names, with blanks or commas between them."

    def to_python(self, value: str | list[str] | None) -> list[User]:
        """Look people up; raise ValidationError that names who isn't there."""
        words = value if isinstance(value, list) else re.split(r"[\s,;]+", value or "")
        names = {word.lower().lstrip("@") for word in words if word}
        if len(names) > MOST_PEOPLE:
            raise ValidationError("Choose %(most)d people at most.", params={"most": MOST_PEOPLE})
        people = list(User.objects.active().called(name for name in names if name.isprintable()).by_name())
        if unknown := names - {person.username for person in people}:
            raise ValidationError(
                "There is nobody called %(names)s here.", params={"names": ", ".join(sorted(unknown))}
            )
        return people


class NewConversationForm(forms.Form):
    """What it takes to begin a conversation."""

    kind = forms.ChoiceField(
        choices=[
            (Conversation.Kind.OPEN, "Open: everyone here can find, read and join it"),
            (Conversation.Kind.PRIVATE, "Private: members only; nobody else can tell that it exists"),
            (Conversation.Kind.DIRECT, "Direct: among the people you choose, for good"),
        ],
        initial=Conversation.Kind.OPEN,
        widget=forms.RadioSelect,
    )
    title = forms.CharField(max_length=255, required=False, help_text="A direct conversation needs none.")
    topic = forms.CharField(max_length=250, required=False, help_text="What it is about, if the title does not say.")
    people = PeopleField(required=False)

    def __init__(self, *args: Any, creator: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.creator = creator
        self.fields["people"].offer(list(User.objects.active().other_than(creator).by_name()[: MOST_CHECKBOXES + 1]))

    def clean(self) -> None:
        is_direct = self.cleaned_data.get("kind") == Conversation.Kind.DIRECT
        others = set(self.cleaned_data.get("people", [])) - {self.creator}
        if not is_direct and not self.cleaned_data.get("title"):
            self.add_error("title", "Give it a title by which others find it.")
        if is_direct and "people" in self.cleaned_data and not 1 <= len(others) < DIRECT_PEOPLE:
            self.add_error("people", f"Choose 1 to {DIRECT_PEOPLE - 1} people to talk with.")

    def start(self) -> Conversation:
        """Begin the conversation that the form describes, or find the direct one that is there."""
        data = self.cleaned_data
        if data["kind"] == Conversation.Kind.DIRECT:
            return Conversation.objects.direct(self.creator, data["people"])
        return Conversation.objects.start(self.creator, **data)


class AddPeopleForm(forms.Form):
    """People to add to a conversation."""

    people = PeopleField(label="Add people")

    def __init__(self, *args: Any, conversation: Conversation, **options: Any) -> None:
        super().__init__(*args, **options)
        self.outside = list(conversation.people_outside()[: MOST_CHECKBOXES + 1])
        self.fields["people"].offer(self.outside)


class DayField(forms.DateField):
    """A day on which messages may have been written."""

    def __init__(self, **options: Any) -> None:
        limits = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
        picker = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=picker, validators=limits, **options)


class ActivityForm(forms.Form):
    """The days that the activity report covers."""

    since = DayField(label="From")
    until = DayField(label="To")

    def clean(self) -> None:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and not timedelta(0) <= until - since <= MOST_DAYS:
            raise ValidationError(
                "Choose a last day that is 0 to %(days)d days after the first.", params={"days": MOST_DAYS.days}
            )


class SilenceForm(forms.Form):
    """How long somebody has to be silent to be listed."""

    days = forms.IntegerField(label="Silent for more than … days", min_value=1, max_value=10_000)
    after = forms.CharField(required=False, widget=forms.HiddenInput)
