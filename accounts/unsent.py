"""Text sent after the session had ended: a signed field carries it through the forms to sign in.

So anonymous visitors store no text in the database. The session of the person who signs in stores it.
"""

from dataclasses import asdict, dataclass

from django.core import signing
from django.http import HttpRequest

FIELD = "unsent"
SALT = "unsent text"  # nothing else is signed with it, so that no other signed value can be taken for text
KEY = "unsent"  # in the session
MAX_FORMS = 10
MAX_FIELD_BYTES = 48_000  # anonymous visitors may send 64,000 bytes at once
MAX_AGE_SECONDS = 7 * 24 * 60 * 60


@dataclass(frozen=True)
class Unsent:
    """The text of a form, the address of its page, and the id of its author; None if the form named nobody."""

    address: str
    writer: int | None
    words: dict[str, str]

    def sign(self) -> str:
        """Return the value of the field that carries the text; "" if it is too long for one."""
        value = signing.dumps(asdict(self), salt=SALT, compress=True)
        return value if len(value) <= MAX_FIELD_BYTES else ""


def unsent_text(request: HttpRequest) -> Unsent | None:
    """Read the text that a form to sign in carries."""
    value = request.POST.get(FIELD, "")
    try:
        return Unsent(**signing.loads(value, salt=SALT, max_age=MAX_AGE_SECONDS))
    except signing.BadSignature:
        return None


def typed_text(request: HttpRequest) -> str:
    """Return what somebody typed who is shown another page than they expect, for them to copy."""
    carried = unsent_text(request)
    return carried.words.get("content", "") if carried else request.POST.get("content", "")


def store_unsent_text(request: HttpRequest) -> None:
    """Store the text that a form to sign in carried in the session of the person who signs in."""
    if carried := unsent_text(request):
        others = {key: each for key, each in request.session.get(KEY, {}).items() if key != carried.address}
        newest = [*others.items(), (carried.address, {"writer": carried.writer, "words": carried.words})]
        request.session[KEY] = dict(newest[-MAX_FORMS:])
