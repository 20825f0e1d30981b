"""Mail, sent in the background: how long it takes tells nobody whether there is such an account, and delays no page."""

import logging
import threading

from django.core.mail import EmailMessage

log = logging.getLogger(__name__)


def send_in_background(message: EmailMessage) -> None:
    threading.Thread(target=send, args=[message], name="mail").start()


def send(message: EmailMessage) -> None:
    """Send a mail; one that can't be sent is logged without its words, which may hold a link to sign in by."""
    try:
        message.send()
    except OSError as error:  # as all of smtplib's errors are
        log.warning("a mail could not be sent: %s", error)
