"""The cipher for secrets that have to be read again, so that a stolen dump of the database reveals none."""

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


def cipher(purpose: str) -> Fernet:
    """Make the cipher for secrets of one purpose, from the secret key of the site."""
    key = hashlib.sha256(f"{purpose}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
