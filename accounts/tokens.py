"""Keys of reset links: good for a day, useless after the password or anything else has changed that ends visits."""

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from accounts.models import User


class TokenGenerator(PasswordResetTokenGenerator):
    """Makes them, and checks them."""

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.stamp}"
