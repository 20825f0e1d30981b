"""What allauth asks us about accounts."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from accounts import allauth_internals
from accounts.mail import send_in_background
from accounts.models import User, Workspace
from accounts.models.visit import BEGAN, SEEN, address_of, browser_of, end_other_visits

BEGUN_WITH = "begun_with"  # in the session


class AccountAdapter(DefaultAccountAdapter):
    """Accounts, signing in, and mail about both."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("Wrong user name or password."),
        "email_password_mismatch": _("Wrong user name or password."),
        "too_many_login_attempts": _("Too many failed attempts. Wait half an hour, or use a passkey or a reset link."),
        "incorrect_password": _("That is not your password."),
        "enter_current_password": _("That is not your current password."),
        "incorrect_code": _("That password is wrong. Try again."),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def get_http_user_agent(self, request: HttpRequest) -> str:
        return browser_of(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count attempts by account, whichever of its two names was typed; for unknown ones by that name."""
        name, email = credentials.get("username", ""), credentials.get("email", "")
        user = allauth_internals.find_by_login(name, email)
        return f"account {user.pk}" if user else f"name {(name or email).lower()}"

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return User.objects.is_new_workspace() or Workspace.objects.current().sign_up == Workspace.SignUp.OPEN

    def pre_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse | None:
        """Remember with which credentials a sign-in began, as it may wait for a second factor."""
        request.session[BEGUN_WITH] = user.get_session_auth_hash()
        return super().pre_login(request, user, **options)

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin a visit, and count its age from now; refuse if the credentials have changed since `pre_login`."""
        current = User.objects.active().filter(pk=user.pk).first()
        begun_with = request.session.pop(BEGUN_WITH, "")
        if not current or not constant_time_compare(current.get_session_auth_hash(), begun_with):
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)
        allauth_internals.store_address_of(user)  # otherwise the page that shows the address would write it
        request.session[BEGAN] = request.session[SEEN] = int(time.time())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send in the background: the time it takes must not reveal whether an account exists."""
        if settings.MAIL:
            context = context | {
                "request": self.request,
                "email": email,
                "current_site": get_current_site(self.request),
            }
            send_in_background(self.render_mail(template_prefix, email, context))

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **options: Any) -> None:
        """Notify a person that their credentials have changed, and end all their other visits."""
        if self.request.user == user:
            end_other_visits(self.request)
        else:
            user.end_visits()
        super().send_notification_mail(template_prefix, user, *args, **options)
