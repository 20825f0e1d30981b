"""What people tell about themselves, and owners about the place."""

import re
from typing import Any
from zoneinfo import available_timezones

from allauth.account.forms import ResetPasswordKeyForm
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator
from django.db import IntegrityError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User, Workspace
from accounts.pictures import cleaning

is_domain = DomainNameValidator()

LANGUAGES = [("", _("As my browser")), *settings.LANGUAGES]
EVERYONE_WHO_IS = {
    Role.OWNER: _("Owners"),
    Role.ADMIN: _("Admins"),
    Role.MEMBER: _("Members"),
    Role.GUEST: _("Guests"),
}


class LowerCaseField(forms.CharField):
    """Words in which upper case means nothing."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).lower()


class SignUpForm(forms.ModelForm):
    """A new account, with a password or a passkey. The time zone is filled in by the browser where it can."""

    workspace_name = forms.CharField(
        label=_("Name of this place"),
        max_length=50,
        help_text=_("Your team’s, as everyone will see it. It can be changed later."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    username = LowerCaseField(
        label=_("User name"),
        max_length=50,
        help_text=User._meta.get_field("username").help_text,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    email = LowerCaseField(
        label=_("E-mail address"), max_length=255, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        required=False,
        help_text=_("At least 8 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-time-zone": True}))
    credential = forms.JSONField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = User
        fields = ["username", "email", "time_zone"]

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
        if only_email:  # whoever was sent a link there has shown that it is theirs
            self.initial["email"], self.fields["email"].disabled = only_email, True
        next(iter(self.fields.values())).widget.attrs["autofocus"] = True

    @property
    def new_passkey(self) -> dict[str, Any] | None:
        """What the browser has made, where the account gets a passkey and no password."""
        return self.cleaned_data.get("credential")

    def clean_time_zone(self) -> str:
        name = self.cleaned_data["time_zone"]
        return name if name in available_timezones() else "UTC"

    def clean_credential(self) -> dict[str, Any] | None:
        credential = self.cleaned_data["credential"]
        if credential:
            try:
                auth.parse_registration_response(credential)
                is_verified = auth.complete_registration(credential).is_user_verified()
            except (AttributeError, KeyError, TypeError, ValueError) as error:  # a browser sends no such thing
                raise ValidationError(_("That was no passkey. Try again.")) from error
            if not is_verified:
                raise ValidationError(_("Your device did not check that it is you. Try again, or use a password."))
        return credential

    def _post_clean(self) -> None:
        """Check the password once the account's other fields are known, as it must not resemble them."""
        super()._post_clean()
        if self.new_passkey or "password" not in self.fields:
            if not self.new_passkey:
                self.add_error(None, _("Make a passkey to sign up."))
            return
        try:
            if not self.cleaned_data.get("password"):
                raise ValidationError(_("Choose a password, or sign up with a passkey instead."))
            validate_password(self.cleaned_data["password"], self.instance)
        except ValidationError as error:
            self.add_error("password", error)

    def save(self, role: str = Role.MEMBER, pk: int | None = None) -> User:
        """Make the account; raise ValidationError where somebody else was a moment earlier."""
        self.instance.pk = pk
        self.instance.set_password(None if self.new_passkey else self.cleaned_data["password"])
        try:
            user = User.objects.sign_up(self.instance, role)
        except IntegrityError:
            raise ValidationError(_("Somebody took this user name or this address a moment ago.")) from None
        if user.is_owner and "workspace_name" in self.cleaned_data:
            Workspace.objects.current().change(name=self.cleaned_data["workspace_name"])
        return user


class NewPasswordForm(ResetPasswordKeyForm):
    """A new password, typed once, as it can be looked at."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["password2"]


class ProfileForm(forms.ModelForm):
    """How one is called and looks, and whose clock one lives by."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=[(name, name.replace("_", " ")) for name in sorted(available_timezones())]
    )
    theme = forms.ChoiceField(label=_("Colours"), choices=User.Theme, required=False)

    class Meta:
        model = User
        fields = [
            *("display_name", "about", "language", "time_zone", "theme", "enter_sends", "shortcuts", "sounds"),
        ]
        help_texts = {
            "display_name": _("Shown beside what you write. Empty: your user name."),
            "enter_sends": _("Else Enter starts a new line and Ctrl+Enter sends. On a phone the button does."),
            "shortcuts": _("As j for the next message and r to reply; never while you write. Keys with Ctrl stay."),
            "about": _("Your work, your team, your pronouns: others see it on your page."),
        }
        widgets = {"display_name": forms.TextInput(attrs={"autocomplete": "name"})}


class PictureForm(forms.Form):
    """A picture of oneself."""

    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG, WebP, GIF or AVIF, up to 10 MB. Where it was taken, and the like, is not kept."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif,image/avif"}),
    )

    def clean_picture(self) -> bytes:
        """Give the picture as a small square WebP."""
        try:
            return cleaning.shrink(self.cleaned_data["picture"])
        except cleaning.NoPicture as error:
            raise ValidationError(gettext(str(error))) from error


class WorkspaceForm(forms.ModelForm):
    """What owners decide about the place."""

    sign_up = forms.ChoiceField(label=_("Who may sign up"), choices=Workspace.SignUp, widget=forms.RadioSelect)
    domains = forms.CharField(
        label=_("Domains"),
        required=False,
        max_length=2000,
        help_text=_("As example.org, with blanks between several. Their people get a link by mail."),
    )
    second_factor = forms.MultipleChoiceField(
        label=_("Who needs a second factor"),
        choices=EVERYONE_WHO_IS.items(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Besides the password: a passkey or an authenticator app. Who has none yet sets one up first."),
    )

    class Meta:
        model = Workspace
        fields = ["name", "sign_up", "domains", "second_factor"]
        labels = {"name": _("Name")}

    def __init__(self, *args: Any, sends_mail: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sends_mail = sends_mail
        self.initial["domains"] = " ".join(self.instance.domains)

    def clean_domains(self) -> list[str]:
        domains = re.split(r"[\s,;]+", self.cleaned_data["domains"].lower().replace("@", " ").strip())
        for domain in filter(None, domains):
            is_domain(domain)
        return sorted(set(filter(None, domains)))

    def clean(self) -> None:
        if self.cleaned_data.get("sign_up") != Workspace.SignUp.DOMAINS:
            return
        if not self.cleaned_data.get("domains") and "domains" not in self.errors:
            self.add_error("domains", _("Name the domains whose people may sign up."))
        if not self.sends_mail:
            self.add_error("sign_up", _("No mail is set up, by which addresses could be checked: see MAIL_URL."))


class RoleForm(forms.Form):
    """Another role for somebody."""

    role = forms.ChoiceField()

    def __init__(self, *args: Any, roles: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = [(role, Role(role).label) for role in roles]
