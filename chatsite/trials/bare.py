"""The yardstick of the benchmark: a bare Django view that reads 20 rows and joins strings, beside the site's pages."""

from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse

ROWS = "SELECT id, content, created_at FROM messages WHERE conversation_id = %s ORDER BY created_at DESC LIMIT 20"


def bare(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [20])
        lines = [f"<p id=m{pk}>{content} {moment}</p>" for pk, content, moment in cursor.fetchall()]
    return HttpResponse(f"<!doctype html><title>bare</title>{''.join(lines)}")


class BareMiddleware:
    """Answer for the bare page before any other middleware does its work: no session, no person, no header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return bare(request) if request.path == "/bare/" else self.get_response(request)
