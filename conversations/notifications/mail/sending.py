"""Send mails over one connection, and say of each what became of it."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from enum import StrEnum
from smtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from socket import gaierror
from time import monotonic
from typing import Any, NamedTuple

from django.core.mail import EmailMessage, mailers

MAX_REASON_CHARACTERS = 200
MAX_BROKEN_CONNECTIONS = 2  # in a batch: each may have taken a time-out
MAX_SECONDS = 30  # in which mails of a batch are begun: less than the lease of the batch
CLOSING = 421  # the server answers, and closes the connection


class State(StrEnum):
    SENT = "sent"
    REFUSED = "refused"  # permanently: another try would be refused as well
    AGAIN = "again"  # try again later


class Outcome(NamedTuple):
    """What became of a mail, and why, in a few words of the mail server; `code` is its answer, 0 for none."""

    state: State
    why: str = ""
    code: int = 0
    is_address: bool = False  # whether the server refused this address, not this mail or this site


SENT = Outcome(State.SENT)


def send(mails: Sequence[EmailMessage], using: str = "default") -> list[Outcome]:
    """Send mails to one person each; what is wrong with one of them does not stop the others."""
    connection = mailers[using]
    try:
        return list(outcomes(connection, mails))
    finally:
        with suppress(OSError):  # the mails are sent, whatever the server answers to a farewell
            connection.close()


def outcomes(connection: Any, mails: Sequence[EmailMessage]) -> Iterator[Outcome]:
    """Yield an outcome for each mail; do not try the rest if connections break or time runs out."""
    ends, failures, rest = monotonic() + MAX_SECONDS, 0, Outcome(State.AGAIN, "the mail server is slow")
    for mail in mails:
        if failures >= MAX_BROKEN_CONNECTIONS or monotonic() > ends:
            yield rest
            continue
        try:
            connection.open()
            outcome = sent(connection, mail)
            if outcome.code == CLOSING:
                connection.close()
            yield outcome
        except OSError as error:
            rest = Outcome(State.AGAIN, words_of(error), code_of(error))
            failures += MAX_BROKEN_CONNECTIONS if is_hopeless(error) else 1
            with suppress(OSError):
                connection.close()
            yield rest


def sent(connection: Any, mail: EmailMessage) -> Outcome:
    """Send a mail over an open connection; raise OSError if that cannot be used any more."""
    try:
        return SENT if connection.send_messages([mail]) else Outcome(State.REFUSED, "no address", is_address=True)
    except SMTPRecipientsRefused as error:
        [(code, answer), *_others] = error.recipients.values()
        return refusal(code, answer, is_address=True)
    except SMTPDataError as error:
        return refusal(error.smtp_code, error.smtp_error, is_address=False)
    except SMTPServerDisconnected:
        raise
    except SMTPException as error:
        return Outcome(State.AGAIN, words_of(error), code_of(error))
    except ValueError as error:  # an address or a header that cannot be written
        return Outcome(State.REFUSED, type(error).__name__)


def refusal(code: int, answer: bytes | str, is_address: bool) -> Outcome:
    state = State.REFUSED if code in range(500, 600) else State.AGAIN
    return Outcome(state, in_words(code, answer), code, is_address and state == State.REFUSED)


def is_hopeless(error: OSError) -> bool:
    """Tell whether the next mail would fail in the same way: nobody listens, answers in time or accepts this site."""
    is_refused = isinstance(error, SMTPResponseException | ConnectionRefusedError | gaierror)
    return is_refused or any(isinstance(each, TimeoutError) for each in (error, error.__context__))


def words_of(error: OSError) -> str:
    """Return what went wrong, without what may be a secret: an answer to signing in may repeat the user name."""
    if any(isinstance(each, TimeoutError) for each in (error, error.__context__)):
        return "timed out"
    if isinstance(error, SMTPAuthenticationError):
        return f"{error.smtp_code} the mail server refuses the user name or password of this site"
    if isinstance(error, SMTPResponseException):
        return in_words(error.smtp_code, error.smtp_error)
    return (not isinstance(error, SMTPException) and error.strerror) or "connection lost"


def code_of(error: OSError) -> int:
    return error.smtp_code if isinstance(error, SMTPResponseException) else 0


def in_words(code: int, answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
    return " ".join(f"{code} {text}".split())[:MAX_REASON_CHARACTERS]
