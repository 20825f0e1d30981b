"""How allauth does what it does here: where it asks, these answer."""

import base64
import hashlib
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.manage_email import sync_user_email_address
from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.mail import send_in_background
from accounts.models import User, Workspace
from accounts.models.limits import take_by_key
from accounts.models.visit import BEGAN, SEEN, address_of, browser_of, end_other_visits

BEGUN_WITH = "begun_with"  # in the session


def fernet() -> Fernet:
    """Make what encrypts secrets that have to be read again, so that a stolen dump of the database holds none."""
    key = hashlib.sha256(b"second factors:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


class AccountAdapter(DefaultAccountAdapter):
    """Accounts."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("This name and this password do not belong together."),
        "email_password_mismatch": _("This name and this password do not belong together."),
        "too_many_login_attempts": _("Too many failed attempts. Wait half an hour, or use a passkey or a reset link."),
        "incorrect_password": _("That is not your password."),
        "enter_current_password": _("That is not your current password."),
        "incorrect_code": _("That did not match. Try again."),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def get_http_user_agent(self, request: HttpRequest) -> str:
        return browser_of(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count attempts by account, whether it is named by user name or address; unknown ones by what was typed."""
        name, email = credentials.get("username", ""), credentials.get("email", "")
        user = get_user_by_username(name) or next(iter(filter_users_by_email(email)), None)
        return f"account {user.pk}" if user else f"name {(name or email).lower()}"

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return User.objects.is_new_workspace() or Workspace.objects.current().sign_up == Workspace.SignUp.OPEN

    def pre_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse | None:
        """Remember with which credentials a sign-in began, which may wait for a second factor."""
        request.session[BEGUN_WITH] = user.get_session_auth_hash()
        return super().pre_login(request, user, **options)

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin a visit, whose age is told from now on; refuse where the credentials have changed meanwhile."""
        current = User.objects.active().filter(pk=user.pk).first()
        begun_with = request.session.pop(BEGUN_WITH, "")
        if not current or not constant_time_compare(current.get_session_auth_hash(), begun_with):
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)
        sync_user_email_address(user)  # else whoever looks at their address first would change the database by that
        request.session[BEGAN] = request.session[SEEN] = int(time.time())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send in the background: how long it takes must not tell whether there is such an account."""
        if settings.MAIL:
            context = context | {
                "request": self.request,
                "email": email,
                "current_site": get_current_site(self.request),
            }
            send_in_background(self.render_mail(template_prefix, email, context))

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **options: Any) -> None:
        """Tell a person that what they sign in with has changed: so all their other visits end here as well."""
        if self.request.user == user:
            end_other_visits(self.request)
        else:
            user.end_visits()
        super().send_notification_mail(template_prefix, user, *args, **options)


class MFAAdapter(DefaultMFAAdapter):
    """Second factors and passkeys."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": _("That did not match. Try again.")}

    def _get_site_name(self) -> str:
        return Workspace.objects.current().name

    def encrypt(self, text: str) -> str:
        return fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return fernet().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: User, type: str) -> str:
        return gettext("Passkey")


def needs_address(request: HttpRequest, known: User | None) -> HttpResponse:
    return render(request, "socialaccount/authentication_error.html", {"is_known": bool(known)}, status=403)


class ProviderAdapter(DefaultSocialAccountAdapter):
    """The OpenID Connect provider: whom it knows may come in, as whoever runs this place has named it."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Give an imported account to whom the provider names as the owner of its address; refuse other addresses.

        An account that somebody can sign in to is no stranger's for the same address: they connect it themselves.
        """
        if sociallogin.is_existing or sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        verified = {address.email.lower() for address in sociallogin.email_addresses if address.verified}
        known = User.objects.filter(email=sociallogin.user.email).first()
        if known and known.email in verified and not User.objects.can_sign_in().filter(pk=known.pk).exists():
            sociallogin.connect(request, known)
        elif known or not sociallogin.user.email:
            raise ImmediateHttpResponse(needs_address(request, known))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Let in whom this place lets in anyway; a provider may be the whole world's."""
        verified = [address.email for address in sociallogin.email_addresses if address.verified]
        place = Workspace.objects.current()
        return AccountAdapter(request).is_open_for_signup(request) or any(map(place.lets_in, verified))

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Fill in an account from what the provider tells; a user name that is taken gets a number."""
        user = sociallogin.user
        user.email = (data.get("email") or "").lower()
        user.username = User.objects.free_username(data.get("username") or user.email.partition("@")[0])
        names = [data.get("name") or "", f"{data.get('first_name') or ''} {data.get('last_name') or ''}".strip()]
        user.display_name = next(filter(None, names), "")[:80]
        return user

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Form | None = None) -> User:
        """Make the account as any other; the first one becomes the owner."""
        take_by_key("sign up", address_of(request))
        user = sociallogin.user
        user.set_unusable_password()
        User.objects.sign_up(user)
        sociallogin.save(request)
        return user
