from typing import Any

from allauth.account.forms import ResetPasswordKeyForm


class NewPasswordForm(ResetPasswordKeyForm):
    """A new password, typed only once, because the form can show it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["password2"]
