"""The jobs of accounts: mail, which is in mail.py."""

from accounts.adapters import account_mail
from accounts.mail import send_mail

__all__ = ["account_mail", "send_mail"]  # imported so that the worker knows them
