"""The place: its settings, and what was done about it."""

import re

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.forms import WorkspaceForm
from accounts.models import Audit, Workspace

PAGE = 50


def workspace(request):
    if not request.user.is_owner:
        raise PermissionDenied(_("Only owners change the place."))
    form = WorkspaceForm(request.POST or None, instance=Workspace.objects.current(), sends_mail=bool(settings.MAIL))
    if form.is_valid():
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        with transaction.atomic():
            form.instance.change(**changed)
            for name, value in changed.items():
                said = ", ".join(value) if isinstance(value, list) else value
                Audit.objects.record(
                    request.user, "changed", f"place: {name.replace('_', ' ')}", f"to {said or 'none'}"
                )
        messages.success(request, _("The place is as you want it."))
        return redirect("workspace")
    return render(request, "accounts/workspace.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def audit(request):
    if not request.user.is_staff:
        raise PermissionDenied(_("Only owners and admins read the audit log."))
    before = request.GET.get("before", "")
    cursor = int(before) if re.fullmatch("[0-9]{1,18}", before) else None
    page = Audit.objects.newest_first().page(cursor, PAGE)
    return render(request, "accounts/audit.html", {"lines": page.rows, "earlier": page.next})
