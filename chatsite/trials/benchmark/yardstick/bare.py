"""The yardstick of the benchmark: a bare Django view that reads 20 messages and joins strings."""

from collections.abc import Callable

from django.apps import apps
from django.http import HttpRequest, HttpResponse


def bare(request: HttpRequest) -> HttpResponse:
    recent = apps.get_model("conversations", "Message").objects.filter(conversation=20).order_by("-created_at")[:20]
    lines = [f"<p id=m{message.pk}>{message.content} {message.created_at}</p>" for message in recent]
    return HttpResponse(f"<!doctype html><title>bare</title>{''.join(lines)}")


class BareMiddleware:
    """Answer the bare page before any other middleware runs: no session, no person, no headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return bare(request) if request.path == "/bare/" else self.get_response(request)
