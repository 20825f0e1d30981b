"""First steps: put them away."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from conversations.first_steps import LATELY, first_steps
from conversations.models import Conversation

COOKIE = "first_steps"  # holds who has put them away in this browser


def steps_of(request: HttpRequest, inbox: list[Conversation]) -> list[str]:
    """Name the first steps that are left to who looks, unless they have put them away."""
    return [] if request.COOKIES.get(COOKIE) == str(request.user.pk) else first_steps(request.user, inbox)


def put_away(request):
    response = redirect("inbox")
    if request.method == "POST":
        messages.info(request, _("The first steps are put away. Help tells how everything goes."))
        safely = {"secure": settings.SESSION_COOKIE_SECURE, "httponly": True, "samesite": "Lax"}
        response.set_cookie(COOKIE, request.user.pk, max_age=LATELY, **safely)
    return response
