"""Middleware for every request: the visitor's address behind proxies, headers, refusals, compression."""

import secrets
import struct
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers
from isal import isal_zlib

from chatsite import errors

GetResponse = Callable[[HttpRequest], HttpResponse]
REFUSAL = "chatsite.refusal"  # a key of the WSGI environment: (status, reason)
COMPRESSION_LEVEL = 3
MIN_COMPRESSED_BYTES = 200  # smaller responses are not worth the work
PROBES = ("/healthz", "/readyz")  # which may use the address of the machine as host
NAMED_GZIP = b"\x1f\x8b\x08\x08" + bytes(5) + b"\xff"  # the header (RFC 1952), without a time or a system


class ProxyMiddleware:
    """Read the visitor's address as our proxies report it (settings.PROXIES of them), and never as the visitor does."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        forwarded, remote = request.META.get("HTTP_X_FORWARDED_FOR", ""), request.META.get("REMOTE_ADDR", "")
        request.META["REMOTE_ADDR"] = address_behind_proxies(forwarded, remote)
        return self.get_response(request)


class HostMiddleware:
    """Refuse requests whose Host has another port than SITE_URL, which ALLOWED_HOSTS does not check."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        other = ports_of(f"//{request.META.get('HTTP_HOST', '')}") - ports_of(settings.SITE_URL)
        if settings.SITE_URL and other and request.path not in PROBES:
            raise SuspiciousOperation("Host has another port than SITE_URL")
        return self.get_response(request)


def ports_of(address: str) -> set[str]:
    """Return the port in a URL, unless it is a default one."""
    port = urlsplit(address).netloc.rpartition("@")[2].rpartition("]")[2].partition(":")[2]
    return {port} - {"", "80", "443"}


def address_behind_proxies(forwarded: str, remote: str) -> str:
    """Return a visitor's address: the one in X-Forwarded-For that our outermost proxy has added."""
    if not settings.PROXIES:
        return remote
    addresses = [word.strip() for word in forwarded.split(",")]
    return addresses[-settings.PROXIES :][0] or remote


class HeadersMiddleware:
    """Add the headers that Django has no setting for; SecurityMiddleware adds the others."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", settings.CROSS_ORIGIN_RESOURCE_POLICY)
        response.headers["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        # Browsers may store personal pages, but must ask the server before they show them again. An ETag would never
        # match: each page has a masked token, keys of its forms and a moment of its own.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class PathMiddleware:
    """Answer 404 to a path with a NUL in it, which PostgreSQL accepts in no text."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path:
            raise Http404
        return self.get_response(request)


class RefusalMiddleware:
    """Answer a request whose body our server refused, with the same headers as every response."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if refusal := request.META.get(REFUSAL):
            return errors.refuse(request, *refusal)
        return self.get_response(request)


class CompressionMiddleware(GZipMiddleware):
    """Compress pages, cheaply; send files and parts of files as they are."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not isinstance(response, HttpResponse) or response.has_header("Content-Encoding"):
            return response
        if len(response.content) < MIN_COMPRESSED_BYTES:
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""):
            compressed = compress(response.content)
            if len(compressed) < len(response.content):  # which pictures never are
                response.content = compressed
                response.headers["Content-Length"] = str(len(compressed))
                response.headers["Content-Encoding"] = "gzip"
        return response


def compress(content: bytes) -> bytes:
    """Compress as gzip, with a file name of random length, so that the size reveals no content (BREACH)."""
    name = secrets.token_hex(secrets.randbelow(GZipMiddleware.max_random_bytes // 2) + 1).encode()
    deflated = isal_zlib.compress(content, COMPRESSION_LEVEL, -isal_zlib.MAX_WBITS)
    end = struct.pack("<LL", isal_zlib.crc32(content), len(content))
    return b"".join([NAMED_GZIP, name, b"\0", deflated, end])
