"""The forms for a person's e-mail address: changing it, and requesting a reset link."""

from typing import Any

from allauth.account.forms import AddEmailForm, ResetPasswordForm
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts import allauth_internals
from accounts.adapters.account_mail import RESET
from accounts.mail import send_later


class NewAddressForm(AddEmailForm):
    """A new address, which replaces the present one once it is confirmed."""

    def clean_email(self) -> str:
        if not settings.MAIL:
            raise ValidationError(
                _("This site sends no mail and so can’t confirm another address. Ask an owner or admin to change it.")
            )
        return super().clean_email()

    def save(self, request: HttpRequest) -> EmailAddress:
        return allauth_internals.add_address(request, self.user, self.cleaned_data["email"])


class ResetForm(ResetPasswordForm):
    """An address that gets a link if it has an account: a job checks, so that every response takes the same time."""

    def save(self, request: HttpRequest, **options: Any) -> str:
        send_later(RESET, address=self.cleaned_data["email"].lower())
        return self.cleaned_data["email"]
