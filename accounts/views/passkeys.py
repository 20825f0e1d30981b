"""Passkeys: allauth's views, but that nothing begins before somebody asks for it: a POST with the field `begin`.

So no visit of a page writes to the session, and a stranger who asks for many beginnings meets a limit.
"""

import json

from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.webauthn.internal import auth, flows
from allauth.mfa.webauthn.views import AddWebAuthnView, LoginWebAuthnView, ReauthenticateWebAuthnView
from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.shortcuts import redirect
from django.views.generic.edit import FormView


class SignInView(LoginWebAuthnView):
    """Sign in with a passkey alone."""

    def get(self, request, *args, **options):
        return redirect("account_login")

    def post(self, request, *args, **options):
        if "begin" in request.POST:
            return JsonResponse(auth.begin_authentication())
        return super().post(request, *args, **options)

    def form_valid(self, form):
        told = auth.parse_authentication_response(json.loads(self.request.POST["credential"]))
        if not told.response.authenticator_data.is_user_verified():  # as for a key that is a second factor only
            return redirect("account_login")
        authenticator = form.cleaned_data["credential"]
        login = Login(user=authenticator.user, redirect_url=get_next_redirect_url(self.request))
        return flows.perform_passwordless_login(self.request, authenticator, login)


class AddView(AddWebAuthnView):
    """Make another passkey."""

    def post(self, request, *args, **options):
        if "begin" in request.POST:
            return JsonResponse(auth.begin_registration(request.user, passwordless=True))
        return super().post(request, *args, **options)

    def get_context_data(self, **options):
        return FormView.get_context_data(self, **options)


class ReauthenticateView(ReauthenticateWebAuthnView):
    """Show with a passkey that it is still oneself, before one changes what one signs in with."""

    def post(self, request, *args, **options):
        if "begin" in request.POST:
            return JsonResponse(auth.begin_authentication(request.user))
        return super().post(request, *args, **options)

    def get_context_data(self, **options):
        return super(ReauthenticateWebAuthnView, self).get_context_data(**options)


sign_in = login_not_required(SignInView.as_view())
add = AddView.as_view()
reauthenticate = ReauthenticateView.as_view()
