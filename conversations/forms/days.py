"""What people enter to find a day."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from conversations.models.timeline.activity import FIRST_DAY, LAST_DAY


class DayField(forms.DateField):
    """A day on which messages may have been written."""

    def __init__(self, **options: Any) -> None:
        limits = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
        picker = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=picker, validators=limits, **options)


class DayForm(forms.Form):
    """The day of a conversation that somebody wants to see."""

    day = DayField(label=_("Go to a day"))
