"""The page for what is our fault."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def server_error(request: HttpRequest) -> HttpResponse:
    """Say so, with the words that somebody sent; Django's own page for it knows no request, so no words."""
    return render(request, "500.html", status=500)
