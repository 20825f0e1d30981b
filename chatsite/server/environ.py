"""The WSGI environment of a request, from what granian read of it."""

import sys
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from chatsite.middleware import REFUSAL

# Fields that a request may have only once; several lines of any other field form one list (RFC 9110, 5.3).
SINGLE = {"HTTP_HOST", "CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_AUTHORIZATION", "HTTP_ORIGIN", "HTTP_REFERER"}
AMBIGUOUS = 400, _("Your browser sent a header twice, or two different host names.")


def environ(scope: Any, body: IO[bytes]) -> dict[str, Any]:
    """Build the WSGI environment of a request (PEP 3333), with a refusal if its headers contradict each other."""
    host, _colon, port = scope.server.rpartition(":")
    return {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        # granian has decoded the path: decoding it again would turn %2561 into another address.
        "PATH_INFO": scope.path.encode(errors="surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    } | fields(scope)


def fields(scope: Any) -> dict[str, Any]:
    """Return the header fields as variables, several lines of one field joined in their order."""
    found: dict[str, Any] = {}
    for name, value in scope.headers.items():
        if "_" in name:
            continue  # X_Forwarded_For would be taken for X-Forwarded-For, which only a proxy may set
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        if key not in found:
            found[key] = value
        elif key in SINGLE:
            found[REFUSAL] = AMBIGUOUS
        else:  # HTTP/2 may send each cookie on a line of its own (RFC 9113, 8.2.3)
            found[key] += f"{'; ' if key == 'HTTP_COOKIE' else ', '}{value}"
    if scope.authority:
        if scope.http_version.startswith("2") and found.get("HTTP_HOST", scope.authority) != scope.authority:
            found[REFUSAL] = AMBIGUOUS  # RFC 9113, 8.3.1
        found["HTTP_HOST"] = scope.authority
    return found
