"""The adapter by which we customize allauth's second factors and passkeys."""

from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Workspace
from accounts.secrets.cipher import cipher

PURPOSE = "second factors"


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors and passkeys."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": _("That password is wrong. Try again.")}

    def _get_site_name(self) -> str:
        return Workspace.objects.current().name

    def encrypt(self, text: str) -> str:
        return cipher(PURPOSE).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return cipher(PURPOSE).decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: User, type: str) -> str:
        return gettext("Passkey")
