"""Encrypt a push for one browser: RFC 8291, in one record of RFC 8188 ("aes128gcm")."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD_BYTES = 4096  # what each push service has to accept
MAX_BYTES = RECORD_BYTES - 103  # less 86 of the header, one that ends the text, and 16 of the tag
SALT_BYTES = AUTH_BYTES = 16
KEY_BYTES = 65
LAST_RECORD = b"\x02"
CURVE = ec.SECP256R1()


def encrypt(
    text: bytes, browser: bytes, auth: bytes, *, sender: ec.EllipticCurvePrivateKey | None = None, salt: bytes = b""
) -> bytes:
    """Encrypt at most MAX_BYTES for the browser with this public key (65 bytes) and secret (16 bytes).

    Raises ValueError if the text is longer, or the key is no point of the curve. `sender` and `salt` are new for each
    push; only the vectors of the RFC set them.
    """
    if len(text) > MAX_BYTES:
        raise ValueError(f"a push holds {MAX_BYTES} bytes, not {len(text)}")
    sender, salt = sender or ec.generate_private_key(CURVE), salt or os.urandom(SALT_BYTES)
    own = public_bytes(sender.public_key())
    shared = sender.exchange(ec.ECDH(), read_public_key(browser))
    secret = derive(shared, auth, b"WebPush: info\0" + browser + own, 32)
    key = derive(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = derive(secret, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(own)]) + own
    return head + AESGCM(key).encrypt(nonce, text + LAST_RECORD, None)


def read_public_key(uncompressed: bytes) -> ec.EllipticCurvePublicKey:
    """Read the public key of a browser; raise ValueError if it is no point of the curve."""
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, uncompressed)


def public_bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return a public key as browsers exchange it: 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def derive(secret: bytes, salt: bytes, purpose: bytes, size: int) -> bytes:
    return HKDF(SHA256(), size, salt, purpose).derive(secret)


def to_base64(data: bytes) -> str:
    """Encode bytes as browsers and tokens do: for addresses, without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64(text: str) -> bytes:
    """Decode the result of `to_base64`; raise ValueError for anything else."""
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
