"""What holds for every answer, and for every request through a proxy."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware

Answer = Callable[[HttpRequest], HttpResponse]


class ProxyMiddleware:
    """Take the visitor's address from as many proxies as we are told stand in front of us; never from a visitor."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.PROXIES:
            told = [word.strip() for word in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
            request.META["REMOTE_ADDR"] = told[-settings.PROXIES :][0] or request.META.get("REMOTE_ADDR", "")
        return self.get_response(request)


class HeadersMiddleware:
    """Add the headers that Django has no setting for; the others are SecurityMiddleware's."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", settings.CROSS_ORIGIN_RESOURCE_POLICY)
        response.headers["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        return response


class PathMiddleware:
    """Know no address with a NUL in it, which PostgreSQL takes in no text."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path:
            raise Http404
        return self.get_response(request)


class CompressionMiddleware(GZipMiddleware):
    """Compress pages; files go as they are, as does each part of one."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        return response if response.streaming else super().process_response(request, response)
