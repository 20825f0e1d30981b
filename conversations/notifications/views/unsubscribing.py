"""Unsubscribe from a kind of mail by the link in it, in any browser, or by the button of a mail program."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from accounts.models.locale import LANGUAGES
from conversations.notifications.mail.addresses import settings_page
from conversations.notifications.mail.unsubscribing import DIGEST, parse, person, unsubscribe


@never_cache
@csrf_exempt  # the token is a right of its own, and mail programs have no cookie (RFC 8058)
@login_not_required
def show(request, token):
    """Ask for a confirmation, as some mail servers open all links; a POST unsubscribes."""
    subscription = parse(token)
    if not subscription:
        raise Http404
    if request.method == "POST":
        unsubscribe(subscription)
    user = person(subscription)
    context = {
        "is_digest": subscription.kind == DIGEST,
        "is_done": request.method == "POST",
        "settings": settings_page(),
    }
    with override(user.language if user and user.language in LANGUAGES else get_language()):
        return render(request, "notifications/unsubscribe.html", context)
