"""Keyboard shortcuts: a page, whose content a dialog loads too."""

from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def keys(request):
    return render(request, "help/keys.html")
