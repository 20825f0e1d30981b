"""The OpenID Connect provider at which people sign in, if one is configured."""

from urllib.parse import parse_qs, urlencode, urlsplit

from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from accounts.adapters.provider import nonce_of
from accounts.unsent import store_unsent_text, unsent_text


@login_not_required
def leave_for(request, provider_id):
    """Redirect to the provider from a page of ours: our policy forbids forms that post to other sites."""
    if not settings.OIDC:
        raise Http404
    if request.method != "POST":
        return redirect("account_login")
    if (unsent := unsent_text(request)) and unsent.writer:  # only a session survives a way over another site
        store_unsent_text(request)
    response = openid_connect.login(request, provider_id)
    if response.status_code != 302:
        return response
    state = parse_qs(urlsplit(response["Location"]).query)["state"][0]
    address = f"{response['Location']}&{urlencode({'nonce': nonce_of(state)})}"
    return render(request, "socialaccount/leave.html", {"address": address})


@require_safe
def sign_in_again(request):
    """Ask people who have no other way to reauthenticate to sign in at the provider again, which then leads back."""
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = resolve_url(settings.LOGIN_REDIRECT_URL)
    return render(request, "socialaccount/sign_in_again.html", {"back": back})


@login_not_required
def needs_address(request):
    """Explain that an account needs an e-mail address, which the provider did not give."""
    return render(request, "socialaccount/authentication_error.html", status=403)
