"""All addresses of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from chatsite.health import healthz, readyz
from chatsite.pwa import manifest, offline, service_worker

handler500 = "chatsite.errors.server_error"

urlpatterns = [
    path("", include("conversations.urls")),
    path("", include("conversations.notifications.urls")),
    path("", include("accounts.urls")),
    path("", include("chatsite.old_addresses")),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
    path("manifest.webmanifest", manifest, name="manifest"),
    path("service-worker.js", service_worker, name="service-worker"),
    path("offline/", offline, name="offline"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]

if settings.DEBUG:
    from debug_toolbar.toolbar import debug_toolbar_urls

    urlpatterns += debug_toolbar_urls()
