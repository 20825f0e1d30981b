"""A new account."""

from typing import Any
from zoneinfo import available_timezones

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from accounts import allauth_internals
from accounts.forms.fields import LowerCaseField
from accounts.models import Role, User, Workspace
from accounts.models.user.account import MAX_NAME_CHARACTERS
from accounts.models.user.name import NameFormField
from accounts.user_names import derive


class SignUpForm(forms.ModelForm):
    """A new account, with a password or a passkey. The browser fills in the time zone where it can."""

    display_name = NameFormField(
        label=_("Your name"),
        max_length=MAX_NAME_CHARACTERS,
        help_text=_("As others know you, for example Ana Lima."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "data-name": True}),
    )
    username = LowerCaseField(
        label=_("User name"),
        max_length=50,
        required=False,
        help_text=_("Others mention you with it, as @ana.lima. Leave it empty to get one from your name."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "data-user-name": True}),
    )
    email = LowerCaseField(
        label=_("E-mail address"), max_length=255, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        required=False,
        help_text=_("At least 8 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    workspace_name = NameFormField(
        label=_("Workspace name"),
        max_length=50,
        help_text=_("The name of your team, which everyone sees. You can change it later."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-time-zone": True}))
    credential = forms.JSONField(required=False, widget=forms.HiddenInput)
    passkey: Authenticator | None = None  # set when the account has been saved with one

    class Meta:
        model = User
        fields = ["display_name", "username", "email", "time_zone"]

    def __init__(
        self,
        *args: Any,
        is_first: bool = False,
        allows_passwords: bool = True,
        only_email: str = "",
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        if not is_first:
            del self.fields["workspace_name"]
        if not allows_passwords:
            del self.fields["password"]
        if only_email:  # the visitor followed a link sent to this address, so it is theirs
            self.initial["email"], self.fields["email"].disabled = only_email, True
        next(iter(self.fields.values())).widget.attrs["autofocus"] = True

    @property
    def new_passkey(self) -> dict[str, Any] | None:
        """The credential that the browser has made, if the account gets a passkey instead of a password."""
        return self.cleaned_data.get("credential")

    def clean_username(self) -> str:
        """Derive the user name if it is missing; one that was derived from the name in the browser may get a number."""
        typed, derived = self.cleaned_data["username"], derive(self.cleaned_data.get("display_name", ""))
        if typed and typed != derived:
            return typed
        return User.objects.free_username(derived or derive((self["email"].value() or "").partition("@")[0]))

    def clean_time_zone(self) -> str:
        name = self.cleaned_data["time_zone"]
        return name if name in available_timezones() else "UTC"

    def clean_credential(self) -> dict[str, Any] | None:
        credential = self.cleaned_data["credential"]
        if credential:
            try:
                is_verified = allauth_internals.verifies_person(credential)
            except ValueError as error:
                raise ValidationError(_("That was not a passkey. Try again.")) from error
            if not is_verified:
                raise ValidationError(_("Your device did not verify that it is you. Try again, or use a password."))
        return credential

    def _post_clean(self) -> None:
        """Check the password when the other fields are clean, as it must not resemble them."""
        super()._post_clean()  # type: ignore[misc] # Django's hook for this, missing from the stubs
        if self.new_passkey or "password" not in self.fields:
            if not self.new_passkey:
                self.add_error(None, _("Create a passkey to sign up."))
            return
        try:
            if not self.cleaned_data.get("password"):
                raise ValidationError(_("Choose a password, or sign up with a passkey instead."))
            validate_password(self.cleaned_data["password"], self.instance)
        except ValidationError as error:
            self.add_error("password", error)

    def sign_up(
        self, role: str = Role.MEMBER, *, address: str, pk: int | None = None, is_invited: bool = False
    ) -> User:
        """Make the account for a visitor at an IP address; raise ValidationError for a name taken a moment earlier."""
        self.instance.pk = pk
        self.instance.set_password(None if self.new_passkey else self.cleaned_data["password"])
        try:
            user = User.objects.sign_up(self.instance, role, address=address, is_invited=is_invited)
        except IntegrityError:
            raise ValidationError(_("Somebody else just took this user name or address.")) from None
        if user.is_owner and "workspace_name" in self.cleaned_data:
            Workspace.objects.current().change(user, name=self.cleaned_data["workspace_name"])
        return user
