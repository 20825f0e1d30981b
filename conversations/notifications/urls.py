"""The addresses of notifications."""

from django.urls import path

from conversations.notifications.views import composer, devices, live, settings, unsubscribing, why

urlpatterns = [
    path("settings/notifications/", settings.show, name="notification-settings"),
    path("settings/notifications/pause/", settings.pause, name="pause-notifications"),
    path("settings/notifications/mail-again/", settings.mail_again, name="mail-again"),
    path("settings/notifications/devices/", devices.subscribe, name="subscribe-device"),
    path("settings/notifications/devices/<int:pk>/remove/", devices.remove, name="remove-device"),
    path("settings/notifications/devices/<int:pk>/test/", devices.test, name="test-device"),
    path("push/read/", devices.mark_read, name="mark-pushed-read"),
    path("push/receipt/", devices.receipt, name="push-receipt"),
    path("notifications/unsubscribe/<str:token>/", unsubscribing.show, name="unsubscribe"),
    path("m/<int:pk>/notice/", live.notice, name="notice"),
    path("m/<int:pk>/why/", why.show, name="why"),
    path("c/<int:pk>/notified/", composer.notified, name="notified"),
    path("c/<int:pk>/looking/", live.looking, name="looking"),
]
