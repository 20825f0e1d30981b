"""Sign in: allauth's view, with status 429 after too many failures."""

from allauth.account.views import LoginView

from accounts.adapters.account import AccountAdapter
from accounts.models import User, Workspace

TOO_MANY = AccountAdapter.error_messages["too_many_login_attempts"]
RETRY_AFTER_SECONDS = 6 * 60  # see "sign in" in limits.RATES


class SignInView(LoginView):
    """Sign in with a user name or an address, and a password; for passkeys see `passkeys.sign_in`."""

    def form_invalid(self, form):
        response = super().form_invalid(form)
        if str(TOO_MANY) in form.non_field_errors():
            response.status_code = 429
            response["Retry-After"] = RETRY_AFTER_SECONDS
        return response

    def get_context_data(self, **options):
        return super().get_context_data(**options) | {
            "workspace": Workspace.objects.current(),
            "is_new": User.objects.is_new_workspace(),
            "typed": self.request.POST.get("login", ""),
        }


sign_in = SignInView.as_view()
