"""Forms for reports."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from conversations.forms.days import DayField

MAX_PERIOD = timedelta(days=366)


class ActivityForm(forms.Form):
    """The days that the activity report covers."""

    since = DayField(label=_("From"))
    until = DayField(label=_("To"))

    def clean(self) -> None:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and not timedelta(0) <= until - since <= MAX_PERIOD:
            raise ValidationError(
                _("Choose a last day that is 0 to %(days)d days after the first."), params={"days": MAX_PERIOD.days}
            )


class SilenceForm(forms.Form):
    """The number of days without a message after which a person is listed."""

    days = forms.IntegerField(label=_("Inactive for more than … days"), min_value=1, max_value=10_000)
    after = forms.CharField(required=False, widget=forms.HiddenInput)
