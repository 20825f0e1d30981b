"""Sign in: allauth's view, with status 429 after too many failures, and with text sent after the session had ended."""

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from accounts.adapters.account import AccountAdapter
from accounts.models import User, Workspace
from accounts.unsent import Unsent, store_unsent_text, unsent_text

TOO_MANY = AccountAdapter.error_messages["too_many_login_attempts"]
RETRY_AFTER_SECONDS = 6 * 60  # see "sign in" in limits.RATES


class SignInView(LoginView):
    """Sign in with a user name or an address, and a password; for passkeys see `passkeys.sign_in`."""

    unsent: Unsent | None = None

    def dispatch(self, request, *args, **options):
        if request.method == "GET" and not settings.OIDC and User.objects.is_new_workspace():
            return redirect("account_signup")  # nobody could sign in yet
        response = super().dispatch(request, *args, **options)
        if response.status_code == 302:  # on to a second factor, or to the page that the visitor wanted
            store_unsent_text(request)
        return response

    def form_invalid(self, form):
        response = super().form_invalid(form)
        if str(TOO_MANY) in form.non_field_errors():
            response.status_code = 429
            response["Retry-After"] = RETRY_AFTER_SECONDS
        return response

    def get_context_data(self, **options):
        unsent = self.unsent or unsent_text(self.request)
        return super().get_context_data(**options) | {
            "workspace": Workspace.objects.current(),
            "is_new": User.objects.is_new_workspace(),
            "typed": self.request.POST.get("login", ""),
            "unsent": unsent,
            "unsent_field": unsent.sign() if unsent else "",
        }


sign_in = login_not_required(SignInView.as_view())


@never_cache
def show_sign_in(request: HttpRequest, unsent: Unsent) -> HttpResponse:
    """Show the page to sign in instead of the one that needs it, with what was sent there."""
    view = SignInView(unsent=unsent)
    view.setup(request)
    form = view.get_form_class()(request=request)
    context = view.get_context_data(form=form) | {"redirect_field_value": unsent.address}
    response = view.render_to_response(context)
    response.status_code = 403
    return response
