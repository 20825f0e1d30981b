"""Keyboard shortcuts: a page of their own, from which a dialog takes its content."""

from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def keys(request):
    return render(request, "help/keys.html")
