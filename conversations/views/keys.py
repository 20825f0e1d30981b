"""The keys: what the keyboard does here, on a page of its own, which the sheet is taken from."""

from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def keys(request):
    return render(request, "help/keys.html")
