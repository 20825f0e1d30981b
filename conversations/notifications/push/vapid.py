"""Tell a push service who sends: RFC 8292, a token for its origin that is signed with the key of this site."""

import json
import time

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from conversations.notifications.push.encryption import public_bytes, to_base64

TOKEN_SECONDS = 12 * 3600  # services refuse more than a day
HEAD = to_base64(b'{"typ":"JWT","alg":"ES256"}')
SHA256_BYTES = 32


def authorization(origin: str, key: ec.EllipticCurvePrivateKey, contact: str, now: float | None = None) -> str:
    """Return the header `Authorization` for a push service at `origin`; `contact` is the https: address of the site."""
    claims = {"aud": origin, "exp": int(time.time() if now is None else now) + TOKEN_SECONDS, "sub": contact}
    signed = f"{HEAD}.{to_base64(json.dumps(claims, separators=(',', ':')).encode())}"
    numbers = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(SHA256())))
    signature = b"".join(number.to_bytes(SHA256_BYTES, "big") for number in numbers)
    return f"vapid t={signed}.{to_base64(signature)}, k={to_base64(public_bytes(key.public_key()))}"
