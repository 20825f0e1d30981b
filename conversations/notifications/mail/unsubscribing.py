"""Unsubscribing from a kind of mail by a link in it, without signing in."""

from typing import NamedTuple

from django.core.signing import BadSignature, Signer

from accounts.models import User
from conversations.notifications.models import NotificationSettings

SALT = "conversations.notifications.unsubscribe"  # makes these tokens useless for everything else
NOTIFICATIONS, DIGEST = "notifications", "digest"


class Subscription(NamedTuple):
    """A kind of mail that a person gets."""

    user_id: int
    kind: str


def token_for(user_id: int, kind: str) -> str:
    """Return a token that does not expire: people unsubscribe by mails of years ago."""
    return Signer(salt=SALT).sign(f"{user_id}-{kind}")


def parse(token: str) -> Subscription | None:
    """Return what a token unsubscribes from; None if this site did not make it."""
    try:
        user_id, _, kind = Signer(salt=SALT).unsign(token).partition("-")
    except BadSignature:
        return None
    return Subscription(int(user_id), kind)


def unsubscribe(subscription: Subscription) -> None:
    """Stop this kind of mail, if the person still exists; again, it does nothing."""
    if user := person(subscription):
        NotificationSettings.objects.of(user).unsubscribe(subscription.kind)


def person(subscription: Subscription) -> User | None:
    return User.objects.filter(pk=subscription.user_id).first()
