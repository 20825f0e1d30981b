"""How a visitor becomes a signed-in person: the form, the account, allauth's records, the first visit."""

from allauth.account.models import Login
from allauth.account.utils import setup_user_email
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse

from accounts import allauth_internals
from accounts.forms.sign_up import SignUpForm
from accounts.models import Role, User
from accounts.models.visit import address_of

PASSKEY_OF = "passkey_of"  # in the session: the id that the account will have, which its passkey has to contain


def sign_up_form(request: HttpRequest, *, is_first: bool = False, only_email: str = "") -> SignUpForm:
    """Make the form for a new account; each submission counts against the visitor's IP address."""
    if request.method == "POST":
        User.objects.try_to_sign_up(address_of(request))
    data = request.POST or None
    return SignUpForm(data, is_first=is_first, allows_passwords=settings.PASSWORDS, only_email=only_email)


def begin_passkey(request: HttpRequest, form: SignUpForm) -> JsonResponse:
    """Return what the browser needs to make a passkey for a future account, or the errors of the form."""
    form.full_clean()
    errors = {name: found for name, found in form.errors.items() if name != "password"}
    if errors:
        return JsonResponse({"errors": errors}, status=422)
    pk = User.objects.reserve_pk()
    request.session[PASSKEY_OF] = pk
    person = User(pk=pk, username=form.cleaned_data["username"], email=form.cleaned_data["email"])
    return JsonResponse(allauth_internals.begin_registration(person))


@transaction.atomic
def save_account(request: HttpRequest, form: SignUpForm, role: str = Role.MEMBER, *, is_invited: bool = False) -> User:
    """Save the account that `form` describes; raise ValidationError for a name taken a moment earlier."""
    pk = request.session.pop(PASSKEY_OF, None) if form.new_passkey else None
    user = form.sign_up(role, address=address_of(request), pk=pk, is_invited=is_invited)
    setup_user_email(request, user, [])
    if form.new_passkey:
        form.passkey = allauth_internals.add_passkey(user, form.new_passkey)
    return user


def sign_in_new_person(request: HttpRequest, form: SignUpForm, user: User, then: str = "") -> HttpResponse:
    """Sign in to a new account and redirect to `then`, or to the usual first page."""
    login = Login(user=user, redirect_url=then or None, signup=True)
    if form.passkey:
        return allauth_internals.sign_in_by_passkey(request, form.passkey, login)
    return allauth_internals.sign_in_by_password(request, user, login)
