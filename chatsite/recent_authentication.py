"""What requires recent authentication: changes by which a stranger at an unattended browser could gain access."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts import allauth_internals
from accounts.models import Role

Rule = Callable[[HttpRequest], bool]


def always(request: HttpRequest) -> bool:
    """For pages that show a secret, or whose form makes no sense without it."""
    return True


def when_posted(request: HttpRequest) -> bool:
    return request.method == "POST"


def when_connecting(request: HttpRequest) -> bool:
    """For the provider, where signing in again is itself a way to reauthenticate."""
    return "connect" in (request.GET.get("process"), request.POST.get("process"))


def when_giving_power(request: HttpRequest) -> bool:
    return when_posted(request) and request.POST.get("role") in (Role.OWNER, Role.ADMIN)


# By the name of the route. Only account_change_password is missing, as it asks for the password itself.
SENSITIVE: dict[str, Rule] = {
    # How the person signs in
    "account_email": when_posted,
    "account_set_password": always,
    "mfa_activate_totp": always,
    "mfa_deactivate_totp": always,
    "mfa_view_recovery_codes": always,
    "mfa_generate_recovery_codes": always,
    "mfa_download_recovery_codes": always,
    "mfa_add_webauthn": always,
    "mfa_edit_webauthn": when_posted,
    "mfa_remove_webauthn": always,
    "socialaccount_connections": when_posted,
    "openid_connect_login": when_connecting,
    # The accounts of others, and who gets one
    "change-role": when_posted,
    "make-reset-link": when_posted,
    "remove-second-factor": when_posted,
    "delete-account": when_posted,
    "invitations": when_giving_power,
    "workspace": when_posted,
    "lift-limit": when_posted,
    "admin:accounts_user_change": when_posted,
}


class RecentAuthenticationMiddleware:
    """Ask people to reauthenticate before something sensitive, unless they have done so or signed in recently."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, arguments: tuple, options: dict
    ) -> HttpResponseBase | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        is_sensitive = request.user.is_authenticated and name in SENSITIVE and SENSITIVE[name](request)
        if not is_sensitive or allauth_internals.is_recently_authenticated(request):
            return None
        if request.headers.get("X-Requested-With") == "fetch":
            return HttpResponse(status=403)
        asked = allauth_internals.ask_again(request)
        return asked or redirect(f"{reverse('sign-in-again')}?{urlencode({'next': request.get_full_path()})}")
