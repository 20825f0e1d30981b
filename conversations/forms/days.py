"""Forms to find a day."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from conversations.text.days import FIRST_DAY, LAST_DAY


class DayField(forms.DateField):
    """A day within the time that messages may come from."""

    def __init__(self, **options: Any) -> None:
        limits = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
        picker = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=picker, validators=limits, **options)


class DayForm(forms.Form):
    """The day of a conversation to show."""

    day = DayField(label=_("Jump to a day"))
