"""The workspace: its settings, and its audit log."""

import re

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.forms.workspace import PolicyForm, WorkspaceForm
from accounts.mail import undelivered_mail
from accounts.models import Workspace

PAGE_LINES = 50


def workspace(request):
    """Show owners the settings, and owners and admins the mail that could not be delivered."""
    undelivered = undelivered_mail(request.user)
    if request.method != "POST" and not request.user.is_owner:
        return render(request, "accounts/workspace.html", {"undelivered": undelivered})
    current = Workspace.objects.changeable_by(request.user)
    is_policy = "policy" in request.POST
    form = WorkspaceForm(None if is_policy else request.POST or None, instance=current, sends_mail=bool(settings.MAIL))
    policy_form = PolicyForm(request.POST if is_policy else None, instance=current)
    sent = policy_form if is_policy else form
    if sent.is_valid():
        sent.change(request.user)
        messages.success(request, _("Settings saved."))
        return redirect("workspace")
    context = {"form": form, "policy_form": policy_form, "undelivered": undelivered}
    return render(request, "accounts/workspace.html", context, status=422 if sent.errors else 200)


@require_safe
def audit(request):
    before = request.GET.get("before", "")
    cursor = int(before) if re.fullmatch("[0-9]{1,18}", before) else None
    page = request.user.audit_log().page(cursor, PAGE_LINES)
    return render(request, "accounts/audit.html", {"lines": page.rows, "earlier": page.next})
