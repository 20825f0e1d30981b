"""Sign up: as the first person, who becomes the owner, or if an owner lets everyone sign up. See also invitations."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.adapters.account import AccountAdapter
from accounts.models import NotAllowed, User, Workspace
from accounts.sign_up_flow import begin_passkey, save_account, sign_in_new_person, sign_up_form


@never_cache
@login_not_required
@sensitive_post_parameters("password")
def sign_up(request):
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    if not AccountAdapter(request).is_open_for_signup(request):
        return show_closed(request)
    is_first = User.objects.is_new_workspace()
    form = sign_up_form(request, is_first=is_first)
    if "begin" in request.POST:
        return begin_passkey(request, form)
    if form.is_valid():
        try:
            return sign_in_new_person(request, form, save_account(request, form))
        except ValidationError as error:
            form.add_error(None, error)
        except NotAllowed:  # somebody else was first
            return show_closed(request)
    status = 422 if form.errors else 200
    return render(request, "account/signup.html", {"form": form, "is_first": is_first}, status=status)


def show_closed(request):
    return render(request, "account/signup_closed.html", {"workspace": Workspace.objects.current()}, status=403)
