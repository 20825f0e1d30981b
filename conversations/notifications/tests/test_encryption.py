"""What is pushed can be read by the browser it is for, and by nobody else."""

import http_ece
import jwt
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as some

from conversations.notifications.push.encryption import (
    CURVE,
    MAX_BYTES,
    RECORD_BYTES,
    encrypt,
    from_base64,
    public_bytes,
    to_base64,
)
from conversations.notifications.push.vapid import authorization

# RFC 8291, appendix A.
TEXT = b"When I grow up, I want to be a watermelon"
SENDER, SALT = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", "DGv6ra1nlYgDCS1FRnbzlw"
BROWSER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
ENCRYPTED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
KEY, SECRET = ec.generate_private_key(CURVE), b"0123456789abcdef"
PUBLIC = public_bytes(KEY.public_key())


def decrypt(body):
    return http_ece.decrypt(body, private_key=KEY, auth_secret=SECRET, version="aes128gcm")


def test_the_example_of_the_rfc_is_reproduced():
    sender = ec.derive_private_key(int.from_bytes(from_base64(SENDER), "big"), CURVE)
    encrypted = encrypt(TEXT, from_base64(BROWSER), from_base64(AUTH), sender=sender, salt=from_base64(SALT))
    assert to_base64(encrypted) == ENCRYPTED


@given(some.binary(max_size=MAX_BYTES))
def test_a_browser_decrypts_what_was_encrypted_for_it(text):
    assert decrypt(encrypt(text, PUBLIC, SECRET)) == text


def test_the_longest_text_fills_the_record_that_services_accept():
    assert len(encrypt(b"x" * MAX_BYTES, PUBLIC, SECRET)) == RECORD_BYTES
    with pytest.raises(ValueError, match="3993 bytes"):
        encrypt(b"x" * (MAX_BYTES + 1), PUBLIC, SECRET)


def test_a_changed_push_is_not_decrypted():
    encrypted = bytearray(encrypt(b"words", PUBLIC, SECRET))
    encrypted[-1] ^= 1
    with pytest.raises((InvalidTag, http_ece.ECEException)):
        decrypt(bytes(encrypted))


def test_each_push_has_a_key_and_a_salt_of_its_own():
    first, second = (encrypt(b"words", PUBLIC, SECRET) for _ in range(2))
    assert first[:86] != second[:86]


def test_the_token_says_who_sends_to_which_service_and_for_how_long():
    header = authorization("https://push.example.org:8443", KEY, "https://chat.example.org", now=1_000_000_000)
    token, key = header.removeprefix("vapid t=").split(", k=")
    assert from_base64(key) == PUBLIC
    claims = jwt.decode(
        token,
        KEY.public_key(),
        algorithms=["ES256"],
        audience="https://push.example.org:8443",
        options={"verify_exp": False},
    )
    assert claims == {"aud": "https://push.example.org:8443", "exp": 1_000_043_200, "sub": "https://chat.example.org"}
