"""The jobs of conversations: the mail of mail.py."""

from conversations import mail

__all__ = ["mail"]  # imported so that the worker knows it
