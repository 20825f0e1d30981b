"""The yardstick of the benchmark: a bare Django view that reads 20 rows and joins strings, beside the site's pages."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from chatsite.urls import handler500
from chatsite.urls import urlpatterns as pages

ROWS = "SELECT id, content, created_at FROM messages WHERE conversation_id = %s ORDER BY created_at DESC LIMIT 20"


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [20])
        lines = [f"<p id=m{pk}>{content} {moment}</p>" for pk, content, moment in cursor.fetchall()]
    return HttpResponse(f"<!doctype html><title>bare</title>{''.join(lines)}")


urlpatterns = [path("bare/", bare), *pages]
__all__ = ["handler500", "urlpatterns"]
