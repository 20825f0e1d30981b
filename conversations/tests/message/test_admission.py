"""Who may send more than a small form, before most of it has arrived."""

import pytest
from django.conf import settings as project
from django.test import RequestFactory

from accounts.models import limits
from chatsite.server import admission
from chatsite.server.admission import Sender, admit
from chatsite.server.unfinished import RefusedBody


def environ_of(client, path):
    request = RequestFactory().post(path)
    if client:
        request.META["HTTP_COOKIE"] = f"{project.SESSION_COOKIE_NAME}={client.session.session_key}"
    return request.META


@pytest.fixture
def same_connection(monkeypatch):
    """Stay in the transaction of the test."""
    monkeypatch.setattr(admission.connection, "close", lambda: None)


def test_whoever_may_post_may_send_files(world, as_, same_connection):
    path = f"/c/{world.plans.pk}/messages/"
    assert admit(environ_of(as_(world.ana), path)) == Sender(world.ana.pk, 101_000_000)
    assert admit(environ_of(as_(world.ana), "/settings/picture/")).max_bytes == 11_000_000
    assert admit(environ_of(as_(world.ana), "/c/new/")).max_bytes == project.DATA_UPLOAD_MAX_MEMORY_SIZE
    refused = {
        (None, path): 403,
        (None, "/accounts/login/"): 413,
        (world.olga, path): 404,
        (world.ana, "/c/999999999/messages/"): 404,
        (world.olga, f"/c/{world.town.pk}/messages/"): 403,  # she sees it, but is no member
    }
    for (person, address), status in refused.items():
        with pytest.raises(RefusedBody) as error:
            admit(environ_of(person and as_(person), address))
        assert error.value.args[0] == status, (person, address)


def test_the_limit_of_uploads_is_asked_before_they_arrive(world, as_, same_connection, settings, monkeypatch):
    settings.LIMITS = True
    monkeypatch.setitem(limits.RATES, "upload", limits.Rate(2, 60))
    environ = environ_of(as_(world.ana), f"/c/{world.plans.pk}/messages/")
    for _ in range(2):
        admit(environ)
        limits.take("upload", world.ana)
    with pytest.raises(RefusedBody) as refused:
        admit(environ)
    assert (refused.value.args[0], refused.value.args[2]) == (429, 60)


def test_beginning_large_bodies_has_a_limit_of_its_own(world, as_, same_connection, settings, monkeypatch):
    settings.LIMITS = True
    monkeypatch.setitem(limits.RATES, "send large", limits.Rate(2, 60))
    environ = environ_of(as_(world.ana), f"/c/{world.plans.pk}/messages/")
    for _ in range(2):
        admit(environ)
    with pytest.raises(RefusedBody):
        admit(environ)
