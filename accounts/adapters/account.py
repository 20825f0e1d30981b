"""The adapter by which we customize allauth's accounts."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailConfirmationHMAC
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from accounts import allauth_internals
from accounts.adapters.account_mail import CONFIRM, EXISTS, NOTIFY, RESET
from accounts.mail import send_later
from accounts.models import User, Workspace
from accounts.models.clock import clock
from accounts.models.visit import BEGAN, SEEN, address_of, browser_of, end_other_visits

BEGUN_WITH = "begun_with"  # in the session
DETAILS = ("provider", "deleted_email", "from_email", "to_email")  # what allauth's notifications say besides ids


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
        request.session[BEGAN] = request.session[SEEN] = int(clock.time())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Refuse a mail of allauth that we do not know, as its context holds links and tokens."""
        if template_prefix != "account/email/unknown_account":
            raise NotImplementedError(f"no writer for {template_prefix}: see account_mail.py")
        # A job that does nothing: the time it takes to enqueue one must not reveal whether an account exists.
        send_later(RESET, user=0)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        send_later(RESET, user=user.pk)

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: EmailConfirmationHMAC, signup: bool
    ) -> None:
        send_later(CONFIRM, address=emailconfirmation.email_address.pk, is_new=signup)

    def send_account_already_exists_mail(self, email: str) -> None:
        if user := User.objects.with_address(email).first():
            send_later(EXISTS, user=user.pk)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Notify a person that their credentials have changed, and end all their other visits."""
        if self.request.user == user:
            end_other_visits(self.request)
        else:
            user.end_visits()
        visit = UserSession.objects.filter(session_key=self.request.session.session_key).first()
        ids = {"user": user.pk, "visit": visit.pk if visit else None, "at": timezone.now().isoformat()}
        # Somebody who resets a password has no visit yet, and without these the mail could not say who did it.
        origin = {} if visit else {"ip": address_of(self.request), "user_agent": browser_of(self.request)}
        details = origin | {name: str(value) for name, value in (context or {}).items() if name in DETAILS}
        send_later(NOTIFY, template=template_prefix, address=email, **ids, **details)
