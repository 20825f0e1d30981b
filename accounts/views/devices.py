"""Devices: the browsers in which a person is signed in, and how to sign them out."""

from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

devices = ListUserSessionsView.as_view()


@require_POST
def end(request, pk):
    request.user.end_visit(pk)
    messages.success(request, _("That device is signed out."))
    return redirect("usersessions_list")
