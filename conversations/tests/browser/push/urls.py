"""The addresses to which browsers report, which record what they receive, before those of the site."""

from django.http import HttpResponse, JsonResponse
from django.template import engines
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

KEYS = ["B" + letter * 86 for letter in "AB"]  # of the server, like 65 bytes in base64url
PAGE = """{% extends "accounts/settings.html" %}{% block title %}Notifications{% endblock %}{% block setting %}
<h1>Notifications</h1>{% include "notifications/_this_device.html" %}
<ul class="push-devices">{% for each in devices %}<li>{{ each }}</li>{% endfor %}</ul>{% endblock %}"""

received = []
answers = {}  # by name: (status, text), or a notice


def record(name, request):
    received.append((name, request.POST.dict()))
    status, text = answers.get(name, (204, ""))
    return HttpResponse(text, status=status, content_type="text/plain")


def settings_page(request):
    registered = [form["endpoint"] for name, form in received if name == "devices"]
    context = {"push_key": answers.get("key", KEYS[0]), "devices": registered, "push_off": answers.get("push_off")}
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


def devices(request):
    return record("devices", request)


@csrf_exempt
def read(request):
    return record("read", request)


@csrf_exempt
def receipt(request):
    return record("receipt", request)


def notice(request, message_id):
    found = answers.get("notice", 204)
    return HttpResponse(status=found) if isinstance(found, int) else JsonResponse(found)


urlpatterns = [
    path("settings/notifications/", settings_page),
    path("settings/notifications/devices/", devices, name="push-devices"),
    path("push/read/", read, name="push-read"),
    path("push/receipt/", receipt, name="push-receipt"),
    path("m/<int:message_id>/notice/", notice, name="notice"),
    path("", include("chatsite.urls")),
]
