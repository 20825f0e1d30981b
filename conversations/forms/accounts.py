"""Forms in which owners and admins change other people's accounts."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import LowerCaseField
from accounts.models import User


class DeleteAccountForm(forms.Form):
    """Whether to delete the messages too, and the user name, typed as a confirmation."""

    words = forms.ChoiceField(
        label=_("Their messages"),
        choices=[
            ("keep", _("keep: under their name for 30 days, then under “deleted account”")),
            ("delete", _("delete with the account, for everyone")),
        ],
        initial="keep",
        widget=forms.RadioSelect,
    )
    username = LowerCaseField(label=_("Their user name, to confirm"), max_length=50)

    def __init__(self, *args: Any, person: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person

    def clean_username(self) -> str:
        if self.cleaned_data["username"] != self.person.username:
            raise ValidationError(_("Type %(name)s to delete this account."), params={"name": self.person.username})
        return self.cleaned_data["username"]
