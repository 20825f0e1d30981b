"""Where to go after a form that is on many pages."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def go_back(request: HttpRequest, default: str, *arguments: object) -> HttpResponse:
    """Redirect to the page that the form was on, or to the page `default` if the browser does not send it."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return redirect(default, *arguments)
    address = urlsplit(page)
    path = f"/{address.path.lstrip('/')}"  # two slashes would begin the name of a host
    return redirect(f"{path}?{address.query}" if address.query else path)
