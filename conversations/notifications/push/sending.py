"""Send one push to one browser, and tell what its push service answers. Uses no database."""

import hmac
import time
from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from chatsite.outgoing.calling import Unanswered, call
from conversations.notifications.push.answers import Result, Sent, meaning, wait_of, words_of
from conversations.notifications.push.encryption import encrypt, to_base64
from conversations.notifications.push.endpoints import is_allowed
from conversations.notifications.push.vapid import authorization

MAX_ANSWER_BYTES = 4096
TOPIC_CHARACTERS = 22
TOKEN_LIFE_SECONDS = 3600  # of the twelve hours for which a token is good


@dataclass(frozen=True)
class Urgency:
    """How urgent a push is, and for how long a service keeps it for a browser that is offline."""

    level: str
    ttl_seconds: int


@dataclass(frozen=True)
class Target:
    """A browser, and the key that its subscription belongs to."""

    device: int
    endpoint: str
    p256dh: bytes
    auth: bytes
    key: ec.EllipticCurvePrivateKey


def push(target: Target, payload: bytes, urgency: Urgency, topic: str = "") -> Sent:
    """Send a push."""
    if not is_allowed(target.endpoint):
        return Sent(Result.GONE, "not a known push service")
    headers = {
        "TTL": str(urgency.ttl_seconds),
        "Urgency": urgency.level,
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "Authorization": signed(origin_of(target.endpoint), target.key, int(time.time()) // TOKEN_LIFE_SECONDS),
        **({"Topic": topic} if topic else {}),
    }
    encrypted = encrypt(payload, target.p256dh, target.auth)
    try:
        answer = call("POST", target.endpoint, headers=headers, body=encrypted, max_bytes=MAX_ANSWER_BYTES)
    except Unanswered as error:
        return Sent(Result.LATER, str(error.trouble.value))
    return Sent(meaning(answer.status), words_of(answer.status, answer.body), wait_of(answer.headers))


def topic_of(user: int, conversation: int) -> str:
    """Name the pushes of one conversation to one person, so that a new one replaces one that still waits.

    The service can't tell from it which people share a conversation.
    """
    words = f"push topic:{user}:{conversation}".encode()
    return to_base64(hmac.digest(settings.SECRET_KEY.encode(), words, "sha256"))[:TOPIC_CHARACTERS]


def origin_of(endpoint: str) -> str:
    scheme, _, host = endpoint.split("/")[:3]
    return f"{scheme}//{host}"


@lru_cache(maxsize=100)
def signed(origin: str, key: ec.EllipticCurvePrivateKey, _hour: int) -> str:
    """Return the header that says who sends; the same for an hour, as signing takes as long as encrypting."""
    return authorization(origin, key, settings.SITE_ADDRESS)
