"""What people enter about reports: days."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from conversations.models.activity import FIRST_DAY, LAST_DAY

MOST_DAYS = timedelta(days=366)


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
