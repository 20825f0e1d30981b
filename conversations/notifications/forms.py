"""The form of what a person chooses about notifications."""

from typing import Any, cast

from django import forms
from django.conf import settings as site
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Workspace
from conversations.forms.people import PeopleField
from conversations.models.access import people_visible_to
from conversations.notifications.hours import MAX_PERIODS, parse_periods
from conversations.notifications.models import NotificationSettings, Reason
from conversations.notifications.models.settings import BY_MAIL, MAX_PASSING

KINDS = {
    Reason.DIRECT: _("Direct messages"),
    Reason.MENTION: _("Mentions of my name"),
    Reason.CALL: _("Mentions of everyone (@all and @here)"),
    Reason.REPLY: _("Replies to my messages"),
    Reason.THREAD: _("Replies in threads that I follow"),
    Reason.WATCH: _("Every message where I chose “Every message”"),
}
ALONE = ("shows", "direct_passes", "digest", "digest_hour")  # fields that are stored as they are
HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


class PeriodForm(forms.Form):
    """One period of quiet hours; without days it is none."""

    days = forms.MultipleChoiceField(
        label=_("Days"), choices=WEEKDAYS_ABBR.items(), required=False, widget=forms.CheckboxSelectMultiple
    )
    start = forms.TimeField(label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    end = forms.TimeField(label=_("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if found.get("days") and None in (found.get("start"), found.get("end")) and not self.errors:
            raise forms.ValidationError(_("Enter when these quiet hours begin and end."))
        if not found.get("days") and (found.get("start") or found.get("end")):
            raise forms.ValidationError(_("Choose the days of these quiet hours."))
        return found

    @property
    def period(self) -> dict[str, Any] | None:
        """The period as it is stored."""
        found = self.cleaned_data
        if not found.get("days"):
            return None
        start, end = (f"{found[name]:%H:%M}" for name in ("start", "end"))
        return {"days": [int(day) for day in found["days"]], "from": start, "to": end}


PeriodForms = forms.formset_factory(PeriodForm, extra=1, max_num=MAX_PERIODS, validate_max=True)


class NotificationForm(forms.Form):
    """Which notifications a person wants, over which channels."""

    push = forms.MultipleChoiceField(
        label=_("Notify me immediately about"),
        choices=KINDS.items(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    mail = forms.MultipleChoiceField(
        label=_("Mail me about"),
        choices=[(reason, KINDS[reason]) for reason in KINDS if reason in BY_MAIL],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Only what you have not seen on any device after ten minutes; several messages are combined into one."
        ),
    )
    shows = forms.ChoiceField(
        label=_("What notifications show"),
        choices=Workspace.Shows,
        widget=forms.RadioSelect,
        help_text=_("For example on the lock screen of your phone, and in mail."),
    )
    sound = forms.ChoiceField(
        label=_("Sound"),
        choices=User.Sound,
        required=False,
        help_text=_("Plays while Chatsite is open, in one tab, and not while you see the conversation."),
    )
    direct_passes = forms.BooleanField(
        label=_("Direct messages get through during quiet hours and pauses"), required=False
    )
    passing = PeopleField(label=_("People who can reach me during quiet hours and pauses"), required=False)
    digest = forms.ChoiceField(
        label=_("Digest by mail"),
        choices=NotificationSettings.Digest,
        help_text=_("What you have not read. Without anything new there is no mail."),
    )
    digest_day = forms.TypedChoiceField(label=_("On"), coerce=int, choices=WEEKDAYS.items(), required=False)
    digest_hour = forms.TypedChoiceField(label=_("At"), coerce=int, choices=HOURS)

    def __init__(self, data: Any, *, chosen: NotificationSettings, reader: User) -> None:
        super().__init__(data, initial=self.read(chosen) | {"sound": reader.sound})
        quiet = [read_period(each) for each in chosen.quiet]
        self.periods = PeriodForms(data, prefix="quiet", initial=quiet or None)
        known = people_visible_to(reader).other_than(reader)
        passing = cast("PeopleField", self.fields["passing"])
        passing.most = MAX_PASSING
        passing.look_among(known, known)
        if not site.MAIL:
            for name in ("mail", "digest", "digest_day", "digest_hour"):
                del self.fields[name]

    def read(self, chosen: NotificationSettings) -> dict[str, Any]:
        """Return what is chosen now, as the fields show it."""
        return {
            "push": [reason for reason in Reason if reason not in chosen.push_off],
            "mail": [reason for reason in BY_MAIL if reason not in chosen.mail_off],
            "passing": list(User.objects.filter(pk__in=chosen.passing)),
            **{
                name: getattr(chosen, name)
                for name in ("shows", "direct_passes", "digest", "digest_day", "digest_hour")
            },
        }

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.periods.is_valid()])

    def values(self) -> dict[str, Any]:
        """Return the settings as they are stored."""
        found = self.cleaned_data
        values: dict[str, Any] = {name: found[name] for name in ALONE if name in found}
        values["push_off"] = [str(reason) for reason in Reason if reason not in found["push"]]
        values["passing"] = sorted(person.pk for person in found["passing"])
        values["quiet"] = parse_periods([form.period for form in self.periods if form.period])
        if "mail" in found:
            values["mail_off"] = [str(reason) for reason in BY_MAIL if reason not in found["mail"]]
            values["digest_day"] = found["digest_day"] or 0
        return values


def read_period(period: dict[str, Any]) -> dict[str, Any]:
    return {"days": period["days"], "start": period["from"], "end": period["to"]}
