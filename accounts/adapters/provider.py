"""The adapter by which we customize allauth's sign-in with the OpenID Connect provider."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.adapters.account import AccountAdapter
from accounts.models import User, Workspace
from accounts.models.user.account import MAX_NAME_CHARACTERS
from accounts.models.visit import address_of


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Accounts of people who sign in at the provider."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Hand an imported account to the person whose address the provider verified; refuse other known addresses.

        An account that somebody can already sign in to is never handed over: its owner connects it in their settings.
        """
        if not (is_one_person(sociallogin) and answers(request, sociallogin)):
            raise ImmediateHttpResponse(needs_address(request, None))
        for address in sociallogin.email_addresses:
            address.verified = address.verified is True  # some providers send the string "false"
        if sociallogin.is_existing or sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        verified = set(verified_addresses(sociallogin))
        known = User.objects.with_address(sociallogin.user.email).first()
        if known and known.email in verified and not User.objects.can_sign_in().contains(known):
            sociallogin.connect(request, known)
        elif known or not sociallogin.user.email:
            raise ImmediateHttpResponse(needs_address(request, known))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Admit only people whom the workspace admits anyway; anybody may have an account at the provider."""
        return AccountAdapter(request).is_open_for_signup(request) or is_admitted(sociallogin)

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Fill in an account with the provider's data; a taken user name gets a number."""
        user = sociallogin.user
        user.created_at = timezone.now()  # allauth serializes the account as JSON while it asks for reauthentication
        user.email = (data.get("email") or "").lower()
        user.username = User.objects.free_username(data.get("username") or user.email.partition("@")[0])
        names = [data.get("name") or "", f"{data.get('first_name') or ''} {data.get('last_name') or ''}".strip()]
        user.display_name = next(filter(None, names), "")[:MAX_NAME_CHARACTERS]
        return user

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Form | None = None) -> User:
        """Make the account like any other; the first one becomes the owner."""
        user = sociallogin.user
        user.set_unusable_password()
        User.objects.sign_up(user, address=address_of(request), is_invited=is_admitted(sociallogin))
        sociallogin.save(request)
        return user


def is_one_person(sociallogin: SocialLogin) -> bool:
    """Tell whether the provider's token and its user info name the same person."""
    data = sociallogin.account.extra_data
    names = [data[part].get("sub") for part in ("id_token", "userinfo") if part in data]
    return "id_token" in data and len(set(names)) == 1 and bool(names[0])


def nonce_of(state: str) -> str:
    """Derive what the token has to repeat from the state that the session holds: no other sign-in has it."""
    return salted_hmac("nonce", state, algorithm="sha256").hexdigest()


def answers(request: HttpRequest, sociallogin: SocialLogin) -> bool:
    """Tell whether the provider made the token for this sign-in, and not for another one of the same person."""
    nonce = sociallogin.account.extra_data["id_token"].get("nonce")
    return constant_time_compare(str(nonce), nonce_of(request.GET.get("state", "")))


def verified_addresses(sociallogin: SocialLogin) -> list[str]:
    return [address.email.lower() for address in sociallogin.email_addresses if address.verified is True]


def is_admitted(sociallogin: SocialLogin) -> bool:
    """Tell whether the workspace admits people with an address that the provider has verified."""
    return any(map(Workspace.objects.current().admits, verified_addresses(sociallogin)))


def needs_address(request: HttpRequest, known: User | None) -> HttpResponse:
    return render(request, "socialaccount/authentication_error.html", {"is_known": bool(known)}, status=403)
