"""Lockouts: who has reached a limit, for owners, who can lift it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models.lockouts import Lockout
from accounts.models.lockouts import lift as lift_limit


@require_safe
def lockouts(request):
    return render(request, "accounts/lockouts.html", {"lockouts": Lockout.reached(request.user)})


@require_POST
def lift(request):
    lift_limit(request.user, request.POST.get("key", "")[:200].replace("\0", ""))
    messages.success(request, _("The limit is lifted."))
    return redirect("lockouts")
