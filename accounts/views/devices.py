"""Your devices: where one is signed in, and how to end that."""

from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models.visit import end_visit

devices = ListUserSessionsView.as_view()


@require_POST
def end(request, pk):
    end_visit(request.user, pk)
    messages.success(request, _("That device is signed out."))
    return redirect("usersessions_list")
