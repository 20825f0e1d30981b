"""The site as an installable app: its manifest, its service worker, and its offline page."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.models import Workspace
from chatsite.static import bundled_service_worker

PAPER, ACCENT = "#ffffff", "#0d6f60"
ICONS = [
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable.png", "512x512", "maskable"),
]
# Files that every page needs, also offline. Their names hold their hashes, so when one changes, so does the worker.
FILES = [
    *(
        "css/chatsite.css",
        "css/dark.css",
        "css/contrast.css",
        "js/chatsite.js",
        "js/live-worker.js",
        "js/offline/staged-files.js",
        "js/offline-page.js",
        "js/composer/attaching.js",
        "js/writing/writing.js",
    ),
    *("img/icon.svg", "img/icon-unread.svg"),
]


@require_safe
@login_not_required
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """Return what browsers need to install the site: https://www.w3.org/TR/appmanifest/."""
    name = Workspace.objects.current().name
    icons = [
        {"src": static(f"img/{icon}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
        for icon, sizes, purpose in ICONS
    ]
    about = {"id": "/", "start_url": "/", "scope": "/", "display": "standalone", "name": name, "short_name": name}
    colours = {"background_color": PAPER, "theme_color": ACCENT}
    return JsonResponse(about | colours | {"icons": icons}, content_type="application/manifest+json")


@require_safe
@login_not_required
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker, from the root, because it may only handle addresses below its own."""
    script = bundled_service_worker() if settings.DEBUG else ""
    context = {"files": [static(name) for name in FILES], "script": script, "new_message": _("New message")}
    return render(request, "service-worker.js", context, content_type="text/javascript")


@require_safe
@login_not_required
def offline(request: HttpRequest) -> HttpResponse:
    """Show the page that replaces pages that are not cached, while there is no network."""
    return render(request, "offline.html")
