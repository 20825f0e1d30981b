"""Devices: the browsers in which a person is signed in, and how to sign them out."""

from allauth.account.adapter import get_adapter
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic.edit import FormView

from accounts.models.visit import end_other_visits

MAX_DEVICES = 100


class DevicesView(ListUserSessionsView):
    """List the newest devices, and sign out all others; allauth's view makes a statement for each of them."""

    def get_context_data(self, **options):
        visits = self.request.user.visits()
        found = {"sessions": visits[:MAX_DEVICES], "session_count": visits.count(), "most": MAX_DEVICES}
        return FormView.get_context_data(self, **options) | found

    def form_valid(self, form):
        end_other_visits(self.request)
        get_adapter().add_message(self.request, messages.INFO, "usersessions/messages/sessions_logged_out.txt")
        return FormView.form_valid(self, form)


devices = DevicesView.as_view()


@require_POST
def end(request, pk):
    request.user.end_visit(pk)
    messages.success(request, _("That device is signed out."))
    return redirect("usersessions_list")
