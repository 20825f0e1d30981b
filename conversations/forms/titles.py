"""Titles of conversations: two open ones have the same title only after a warning."""

from typing import Any, cast

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from conversations.models import Conversation


class WithTitle(forms.Form):
    """A form in which somebody gives a conversation a title."""

    same_title = forms.BooleanField(label=_("Use this title anyway"), required=False)
    by: User

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.is_bound or "same_title" not in self.data:
            self.fields["same_title"].widget = forms.HiddenInput()

    def warn_of_same_title(self, other_than: Conversation | None = None) -> None:
        """Add an error if another open conversation has this title, unless the box below it is checked."""
        data = self.cleaned_data
        same = Conversation.objects.titled_the_same(self.by, data.get("title"), other_than)
        if not same or data.get("same_title"):
            return
        box = cast("forms.BooleanField", self.fields["same_title"])
        box.widget = forms.CheckboxInput()
        words = _("There is already an open conversation with this title: {link}. Join it, or choose another title.")
        link = format_html('<a href="{}">{}</a>', reverse("conversation", args=[same.pk]), same.name)
        self.add_error("title", format_html(str(words), link=link))
