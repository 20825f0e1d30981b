"""The key with which this site introduces itself to push services. Each subscription belongs to one key for life."""

from functools import lru_cache

from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from django.conf import settings
from django.db import connection, models, transaction

from accounts.secrets.cipher import cipher
from conversations.notifications.push.encryption import CURVE, public_bytes, to_base64

LOCK = "SELECT pg_advisory_xact_lock(hashtext('push key'))"


class PushKeyManager(models.Manager["PushKey"]):
    """Access to the newest key."""

    def current(self) -> "PushKey":
        """Load the key of this site, made at the first call, and again if the secret key has changed since."""
        newest = self.order_by("-pk").first()
        return newest if newest and newest.is_readable else self.make()

    def make(self) -> "PushKey":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(LOCK)
            newest = self.order_by("-pk").first()
            if newest and newest.is_readable:
                return newest
            private = ec.generate_private_key(CURVE)
            plain = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
            return self.create(
                private=cipher("push key").encrypt(plain), public=to_base64(public_bytes(private.public_key()))
            )


class PushKey(models.Model):
    """A pair of keys; the private one is encrypted with the site's secret key."""

    private = models.BinaryField()
    public = models.CharField(max_length=100)
    created_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))

    objects = PushKeyManager()

    class Meta:
        db_table = "push_keys"

    def __str__(self) -> str:
        return f"push key {self.pk}"

    @property
    def is_readable(self) -> bool:
        """Whether it was encrypted with the secret key that the site has now."""
        try:
            return bool(self.decrypted())
        except InvalidToken:
            return False

    def decrypted(self) -> ec.EllipticCurvePrivateKey:
        """Return the private key; raise InvalidToken if it was encrypted with another secret key."""
        return decrypt(bytes(self.private), settings.SECRET_KEY)


@lru_cache(maxsize=8)
def decrypt(encrypted: bytes, _secret_key: str) -> ec.EllipticCurvePrivateKey:
    key = load_der_private_key(cipher("push key").decrypt(encrypted), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)  # noqa: S101 – we made it
    return key
