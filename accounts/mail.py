"""Mail, sent in the background: it delays no page, and its duration does not reveal whether an account exists."""

import logging
import threading

from django.core.mail import EmailMessage

log = logging.getLogger(__name__)


def send_in_background(message: EmailMessage) -> None:
    threading.Thread(target=send, args=[message], name="mail").start()


def send(message: EmailMessage) -> None:
    """Send a mail; log a failure without the text, which may contain a link to sign in by."""
    try:
        message.send()
    except OSError as error:  # the base of all of smtplib's errors
        log.warning("a mail could not be sent: %s", error)
