"""Everything we use of allauth's internal modules, which any release may change: nothing else imports from them."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows import email_verification, reauthentication
from allauth.account.internal.flows import login as login_flow
from allauth.account.internal.flows.manage_email import sync_user_email_address
from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from allauth.account.models import EmailAddress, Login
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal import flows as webauthn_flows
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import User

Json = dict[str, Any]


def find_by_login(username: str, email: str) -> User | None:
    """Find the account that somebody tries to sign in to, by user name, else by address."""
    by_address = filter_users_by_email(email) if email else []
    return get_user_by_username(username) or next(iter(by_address), None)


def store_address_of(user: User) -> None:
    """Copy the address of an account into allauth's table of addresses, where it is missing or differs."""
    sync_user_email_address(user)


def add_address(request: HttpRequest, user: User, email: str) -> EmailAddress:
    """Mail a link that makes `email` the address of an account, which until then has its present one.

    If the present one is unconfirmed, allauth would remove it first and leave the account without an address.
    """
    with transaction.atomic():
        EmailAddress.objects.filter(user=user, verified=False).exclude(email=user.email).delete()
        address = EmailAddress.objects.create(user=user, email=email.lower())
    email_verification.send_verification_email_to_address(request, address)
    return address


def is_recently_authenticated(request: HttpRequest) -> bool:
    """Tell whether the person has signed in or reauthenticated within the last minutes."""
    records = login_flow.get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def ask_again(request: HttpRequest) -> HttpResponse | None:
    """Redirect to the page where a person reauthenticates, which then continues the request; None without a method."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    return reauthentication.suspend_request(request, methods[0]["url"]) if methods else None


def sign_in_by_password(request: HttpRequest, user: User, login: Login) -> HttpResponse:
    """Sign in a person who has just chosen a password."""
    login_flow.record_authentication(request, user, method="password", username=user.username, reauthenticated=True)
    return login_flow.perform_login(request, login)


def sign_in_by_passkey(request: HttpRequest, passkey: Authenticator, login: Login) -> HttpResponse:
    return webauthn_flows.perform_passwordless_login(request, passkey, login)


def begin_registration(user: User) -> Json:
    """Begin to make a passkey: return what the browser needs for it, and store the challenge in the session."""
    return webauthn.begin_registration(user, passwordless=True)


def begin_authentication(user: User | None = None) -> Json:
    """Begin to sign in with a passkey of `user`, None for anybody: store the challenge in the session."""
    return webauthn.begin_authentication(user)


def verifies_person(credential: Json) -> bool:
    """Check a new passkey against its challenge; return whether the device verified the person who made it.

    Raises ValidationError for the wrong challenge, and ValueError for a credential that no browser sends.
    """
    try:
        webauthn.parse_registration_response(credential)
        return webauthn.complete_registration(credential).is_user_verified()
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("not a credential") from error


def has_verified_person(credential: Json) -> bool:
    """Return whether the device verified the person who signs in with a passkey, not just that somebody is present."""
    response = webauthn.parse_authentication_response(credential).response
    return response.authenticator_data.is_user_verified()


def add_passkey(user: User, credential: Json) -> Authenticator:
    return webauthn.WebAuthn.add(user, _("Passkey"), credential).instance
