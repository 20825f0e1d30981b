"""The adapter by which we customize allauth's accounts."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from accounts import allauth_internals, known_browsers
from accounts.adapters.account_mail import CONFIRM, EXISTS, NOTIFY
from accounts.adapters.failures import counts_of
from accounts.mail import send_later
from accounts.models import LimitReached, User, Workspace, limits
from accounts.models.clock import clock
from accounts.models.visit import BEGAN, SEEN, address_of, browser_of, end_other_visits

BEGUN_WITH = "begun_with"  # in the session
DETAILS = ("provider", "deleted_email", "from_email", "to_email")  # what allauth's notifications say besides ids


class AccountAdapter(DefaultAccountAdapter):
    """Accounts, signing in, and mail about both."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("Wrong user name or password."),
        "email_password_mismatch": _("Wrong user name or password."),
        "too_many_login_attempts": _("Too many failed attempts. Wait a few minutes, or use a passkey or a reset link."),
        "incorrect_password": _("That is not your password."),
        "enter_current_password": _("That is not your current password."),
        "incorrect_code": _("That password is wrong. Try again."),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def get_http_user_agent(self, request: HttpRequest) -> str:
        return browser_of(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Count an attempt as a failure before the password is checked, and undo that if it is right."""
        counts = counts_of(request, credentials)
        for number, (action, key) in enumerate(counts):
            try:
                limits.take_by_key(action, key)
            except LimitReached as error:
                for before in counts[:number]:
                    limits.give_back(*before)
                raise self.validation_error("too_many_login_attempts") from error
        user = super().authenticate(request, **credentials)
        for each in counts if user else ():
            limits.give_back(*each)
        return user

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Apply the same rule as for our own pages: see chatsite/recent_authentication.py."""
        return not allauth_internals.is_recently_authenticated(context.request)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """List how a person can reauthenticate; not by password if passwords are off."""
        methods = super().get_reauthentication_methods(user)
        return [each for each in methods if settings.PASSWORDS or each["id"] != "reauthenticate"]

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """Refuse to remove the only address of an account, which allauth would allow."""
        return email_address.email != email_address.user.email

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return User.objects.is_new_workspace() or Workspace.objects.current().is_open

    def pre_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse | None:
        """Remember with which credentials a sign-in began, as it may wait for a second factor."""
        request.session[BEGUN_WITH] = user.get_session_auth_hash()
        return super().pre_login(request, user, **options)

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        """Remember the browser as known to this person."""
        response = super().post_login(request, user, **options)
        known_browsers.remember(request, response, user)
        return response

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
        raise NotImplementedError(f"no writer for {template_prefix}: see account_mail.py")

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
