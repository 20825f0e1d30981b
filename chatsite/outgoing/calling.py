"""Call another host: the only way in which the site sends a request that somebody outside of it has asked for."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import requests
from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from ssrfguard import SSRFGuardError
from urllib3.exceptions import HTTPError, NameResolutionError

from chatsite.outgoing.deadline import Deadline
from chatsite.outgoing.sessions import session

SECONDS = 10
CONNECT_SECONDS = 5
MAX_BYTES = 65_536
NO_WEB_ADDRESS = (
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    UnicodeError,
)


class Trouble(TextChoices):
    """Why a call had no answer."""

    REFUSED = "refused", _("This site is not allowed to connect to that address.")
    TIMEOUT = "timeout", _("It did not answer in time.")
    NAME = "name", _("Its host name could not be found.")
    CERTIFICATE = "certificate", _("Its certificate is not valid.")
    CONNECTION = "connection", _("The connection failed.")
    REDIRECTS = "redirects", _("It redirected too often.")


class Unanswered(Exception):
    """A call had no answer; `detail` says which rule refused it, and contains no address with its path."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(detail or trouble.value)
        self.trouble, self.detail = trouble, detail


@dataclass(frozen=True)
class Answer:
    """What another host answered; `body` is at most as long as the caller wanted."""

    status: int
    headers: Mapping[str, str]  # their names in any case
    body: bytes
    url: str  # the last one, after redirects


def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    redirects: bool = False,
    seconds: float = SECONDS,
    max_bytes: int = MAX_BYTES,
) -> Answer:
    """Send a request to a public host, or to one of settings.HOOKS_MAY_CALL; raise Unanswered if there is no answer.

    The name is looked up once, every address is checked, and the connection goes to one that was. With `redirects`, up
    to 5 are followed, each checked in the same way; else they are answers. Sends no cookies, uses no proxy. All of it
    takes at most `seconds`, however slowly the host answers; only the system's own lookup of a name may take longer.
    """
    with Deadline(seconds) as deadline, unanswered(deadline):
        answer = session(settings.HOOKS_MAY_CALL).request(
            method,
            url,
            headers=dict(headers or {}),
            data=body,
            allow_redirects=redirects,
            stream=True,
            timeout=(min(CONNECT_SECONDS, seconds), seconds),
        )
        with answer:
            read = answer.raw.read(max_bytes, decode_content=True)
    return Answer(answer.status_code, answer.headers, read, answer.url)


@contextmanager
def unanswered(deadline: Deadline) -> Iterator[None]:
    """Raise Unanswered for whatever fails inside, or ends too late."""
    try:
        yield
    except SSRFGuardError as error:
        raise Unanswered(Trouble.REFUSED, getattr(error, "reason", "")) from None
    except NO_WEB_ADDRESS:
        raise Unanswered(Trouble.REFUSED) from None
    except requests.TooManyRedirects:
        raise Unanswered(Trouble.REDIRECTS) from None
    except (requests.RequestException, HTTPError, OSError) as error:
        raise Unanswered(Trouble.TIMEOUT if deadline.is_over else trouble(error)) from None
    if deadline.is_over:
        raise Unanswered(Trouble.TIMEOUT)


def trouble(error: Exception) -> Trouble:
    """Name what went wrong; the words of the error contain the address, which may be a secret."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(reason, NameResolutionError):
        return Trouble.NAME
    if isinstance(error, requests.exceptions.SSLError):
        return Trouble.CERTIFICATE
    return Trouble.TIMEOUT if isinstance(error, requests.Timeout) else Trouble.CONNECTION
