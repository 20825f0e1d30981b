"""The first steps of new people, and hiding them."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from conversations.first_steps import NEW_FOR, first_steps

COOKIE = "first_steps"  # the id of the person who hid them in this browser


def steps_of(request, inbox):
    """Name the first steps that the reader has not taken, unless they have hidden them."""
    if request.COOKIES.get(COOKIE) == str(request.user.pk):
        return []
    return first_steps(request.user, request.user.workspace_name, inbox)


def dismiss(request):
    response = redirect("inbox")
    if request.method == "POST":
        messages.info(request, _("First steps dismissed. Help explains how everything works."))
        is_secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(COOKIE, request.user.pk, max_age=NEW_FOR, secure=is_secure, httponly=True, samesite="Lax")
    return response
