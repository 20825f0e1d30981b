"""What people tell about themselves."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.models import User


class LowerCaseField(forms.CharField):
    """Words in which upper case means nothing."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).lower()


class SignUpForm(forms.ModelForm):
    """A new account. The time zone is filled in by the browser where it can."""

    username = LowerCaseField(
        label="User name",
        max_length=50,
        help_text=User._meta.get_field("username").help_text,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
    )
    email = LowerCaseField(
        label="E-mail address", max_length=255, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        help_text="At least 8 characters.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-time-zone": True}))

    class Meta:
        model = User
        fields = ["username", "email", "time_zone"]

    def clean_time_zone(self) -> str:
        name = self.cleaned_data["time_zone"]
        return name if name in available_timezones() else "UTC"

    def _post_clean(self) -> None:
        """Check the password once the account's other fields are known, as it must not resemble them."""
        super()._post_clean()
        try:
            validate_password(self.cleaned_data.get("password", ""), self.instance)
        except ValidationError as error:
            self.add_error("password", error)

    def save(self, commit: bool = True) -> User:
        """Make the account; raise ValidationError where somebody else was a moment earlier."""
        self.instance.set_password(self.cleaned_data["password"])
        try:
            return User.objects.sign_up(self.instance)
        except IntegrityError:
            raise ValidationError("Somebody took this user name or this address a moment ago.") from None


class SignInForm(AuthenticationForm):
    """Django's, in our words."""

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": "This user name and this password do not belong together."
    }


class ProfileForm(forms.ModelForm):
    """How one is called, and whose clock one lives by."""

    time_zone = forms.ChoiceField(choices=[(name, name.replace("_", " ")) for name in sorted(available_timezones())])

    class Meta:
        model = User
        fields = ["display_name", "time_zone"]
        help_texts = {"display_name": "Shown beside what you write. Empty: your user name."}
        widgets = {"display_name": forms.TextInput(attrs={"autocomplete": "name"})}
