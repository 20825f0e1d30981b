"""What holds for every answer, and for every request through a proxy."""

import secrets
import struct
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers
from isal import isal_zlib

from chatsite import errors

Answer = Callable[[HttpRequest], HttpResponse]
REFUSAL = "chatsite.refusal"  # in the environment of a request
LEVEL = 3  # of compression
WORTH_IT = 200  # bytes
NAMED_GZIP = b"\x1f\x8b\x08\x08" + bytes(5) + b"\xff"  # the header (RFC 1952), without a time or a system


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


class RefusalMiddleware:
    """Answer what our server would not read to its end, with the headers that all answers have."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if refusal := request.META.get(REFUSAL):
            return errors.refuse(request, *refusal)
        return self.get_response(request)


class CompressionMiddleware(GZipMiddleware):
    """Compress pages, cheaply; files go as they are, as does each part of one."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.streaming or response.has_header("Content-Encoding") or len(response.content) < WORTH_IT:
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""):
            compressed = compress(response.content)
            if len(compressed) < len(response.content):  # as no picture becomes
                response.content = compressed
                response.headers["Content-Length"] = str(len(compressed))
                response.headers["Content-Encoding"] = "gzip"
        return response


def compress(content: bytes) -> bytes:
    """Compress as gzip, with a file name of random length: what comes out must not tell by its length (BREACH)."""
    name = secrets.token_hex(secrets.randbelow(GZipMiddleware.max_random_bytes // 2) + 1).encode()
    deflated = isal_zlib.compress(content, LEVEL, -isal_zlib.MAX_WBITS)
    end = struct.pack("<LL", isal_zlib.crc32(content), len(content))
    return b"".join([NAMED_GZIP, name, b"\0", deflated, end])
