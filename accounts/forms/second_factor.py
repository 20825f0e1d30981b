"""Codes of a second factor, which are limited like passwords."""

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm

from accounts.adapters.failures import counted


class CodeForm(AuthenticateForm):
    """A code to sign in."""

    def clean_code(self) -> str:
        with counted("code", self.user.pk):
            return super().clean_code()


class ProofForm(ReauthenticateForm):
    """A code to reauthenticate."""

    def clean_code(self) -> str:
        with counted("code", self.user.pk):
            return super().clean_code()
