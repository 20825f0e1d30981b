"""Passkeys: allauth's views, except that nothing begins before a POST with the field `begin`.

So visiting a page does not write to the session, and a visitor who begins too often reaches a limit.
"""

import json

from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.webauthn.views import AddWebAuthnView, LoginWebAuthnView, ReauthenticateWebAuthnView
from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.shortcuts import redirect
from django.views.generic.edit import FormView

from accounts import allauth_internals
from accounts.unsent import store_unsent_text, unsent_text
from accounts.views.sign_in import show_sign_in


class SignInView(LoginWebAuthnView):
    """Sign in with a passkey alone."""

    def dispatch(self, request, *args, **options):
        response = super().dispatch(request, *args, **options)
        if response.status_code == 302:
            store_unsent_text(request)
        return response

    def get(self, request, *args, **options):
        return redirect("account_login")

    def post(self, request, *args, **options):
        if "begin" in request.POST:
            return JsonResponse(allauth_internals.begin_authentication())
        return super().post(request, *args, **options)

    def form_valid(self, form):
        credential = json.loads(self.request.POST["credential"])
        if not allauth_internals.has_verified_person(credential):  # such a key is a second factor only
            return self.ask_again()
        passkey = form.cleaned_data["credential"]
        login = Login(user=passkey.user, redirect_url=get_next_redirect_url(self.request))
        return allauth_internals.sign_in_by_passkey(self.request, passkey, login)

    def form_invalid(self, form):
        super().form_invalid(form)  # adds a message
        return self.ask_again()

    def ask_again(self):
        unsent = unsent_text(self.request)
        return show_sign_in(self.request, unsent) if unsent else redirect("account_login")


class AddView(AddWebAuthnView):
    """Make another passkey."""

    def post(self, request, *args, **options):
        if "begin" in request.POST:
            return JsonResponse(allauth_internals.begin_registration(request.user))
        return super().post(request, *args, **options)

    def get_context_data(self, **options):
        return FormView.get_context_data(self, **options)


class ReauthenticateView(ReauthenticateWebAuthnView):
    """Confirm with a passkey that it is still the same person, before a change of their credentials."""

    def post(self, request, *args, **options):
        if "begin" in request.POST:
            return JsonResponse(allauth_internals.begin_authentication(request.user))
        return super().post(request, *args, **options)

    def get_context_data(self, **options):
        return super(ReauthenticateWebAuthnView, self).get_context_data(**options)


sign_in = login_not_required(SignInView.as_view())
add = AddView.as_view()
reauthenticate = ReauthenticateView.as_view()
