"""The adapter by which we customize allauth's second factors and passkeys."""

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Workspace


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors and passkeys."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": _("That password is wrong. Try again.")}

    def _get_site_name(self) -> str:
        return Workspace.objects.current().name

    def encrypt(self, text: str) -> str:
        return fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return fernet().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: User, type: str) -> str:
        return gettext("Passkey")


def fernet() -> Fernet:
    """Make the cipher for secrets that have to be read again, so that a stolen dump of the database reveals none."""
    key = hashlib.sha256(b"second factors:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
