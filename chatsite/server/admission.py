"""Who may send more than a small form: checked after its first bytes, before Django gets the request."""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.http import Http404, HttpResponse
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.models import LimitReached, NotAllowed, limits
from accounts.models.visit import signed_in_user
from chatsite.server.unfinished import TOO_MUCH, RefusedBody

SIGNED_OUT = 403, _("You are signed out. Sign in in another tab, then send it again.")
GONE = 404, _("This page does not exist, or you may not see it.")
UPLOADS = {re.compile(path): upload for path, upload in settings.UPLOADS.items()}


@dataclass(frozen=True)
class Sender:
    """A person who may send a body of up to `max_bytes`."""

    person: int
    max_bytes: int


def admit(environ: dict[str, Any]) -> Sender:
    """Find out who sends a body, and whether they may; raise RefusedBody."""
    request = WSGIRequest(environ)
    with translation.override(translation.get_language_from_request(request)):
        try:
            SessionMiddleware(lambda _: HttpResponse()).process_request(request)
            request.user = get_user(request)
            if not isinstance(request.user, AbstractBaseUser):
                is_upload = any(path.fullmatch(request.path) for path in UPLOADS)
                raise RefusedBody(*(SIGNED_OUT if is_upload else TOO_MUCH))
            return Sender(request.user.pk, max_bytes_of(request))
        except LimitReached as error:
            raise RefusedBody(429, str(error), error.seconds) from error
        except NotAllowed as error:
            raise RefusedBody(403, str(error)) from error
        except Http404 as error:
            raise RefusedBody(*GONE) from error
        finally:
            connection.close()


def max_bytes_of(request: WSGIRequest) -> int:
    """Return how large the body of this request may be; raise what its view would raise."""
    user = signed_in_user(request)
    limits.take("send large", user)
    for path, (max_bytes, allow) in UPLOADS.items():
        if found := path.fullmatch(request.path):
            limits.require("upload", user)
            if allow:
                import_string(allow)(request, **{name: int(word) for name, word in found.groupdict().items()})
            return max_bytes
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE
