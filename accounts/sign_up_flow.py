"""How somebody with a new account comes in: saved, remembered by allauth, signed in; with a password or a passkey."""

from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import setup_user_email
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from accounts.models import Role, User

if TYPE_CHECKING:
    from accounts.forms import SignUpForm

PASSKEY_OF = "passkey_of"  # in the session: the id that an account will have, which its passkey has to hold


def begin_passkey(request: HttpRequest, form: "SignUpForm") -> JsonResponse:
    """Tell the browser how to make a passkey for an account that is yet to be, or what is wrong with the form."""
    form.full_clean()
    errors = {name: found for name, found in form.errors.items() if name != "password"}
    if errors:
        return JsonResponse({"errors": errors}, status=422)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('users', 'id'))")
        [pk] = cursor.fetchone()
    request.session[PASSKEY_OF] = pk
    person = User(pk=pk, username=form.cleaned_data["username"], email=form.cleaned_data["email"])
    return JsonResponse(auth.begin_registration(person, passwordless=True))


@transaction.atomic
def save_account(request: HttpRequest, form: "SignUpForm", role: str = Role.MEMBER) -> User:
    """Save what `form` describes, with its passkey if it has one; raise ValidationError where somebody was earlier."""
    user = form.save(role, pk=request.session.pop(PASSKEY_OF, None) if form.new_passkey else None)
    setup_user_email(request, user, [])
    if form.new_passkey:
        form.passkey = auth.WebAuthn.add(user, _("Passkey"), form.new_passkey).instance
    return user


def come_in(request: HttpRequest, form: "SignUpForm", user: User, then: str = "") -> HttpResponse:
    """Sign in to a new account, and go to the address `then`, else to the inbox."""
    login = Login(user=user, redirect_url=then or None, signup=True)
    if form.new_passkey:
        return perform_passwordless_login(request, form.passkey, login)
    record_authentication(request, user, method="password", username=user.username, reauthenticated=True)
    return perform_login(request, login)
