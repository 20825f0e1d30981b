"""Which browsers may subscribe, and how people test and remove them."""

import pytest
from django.core import signing

from conversations.notifications.models import Device, PushKey
from conversations.notifications.push.endpoints import is_allowed
from conversations.notifications.push.payload import MARK_READ, RECEIPT

pytestmark = pytest.mark.django_db
ADDRESS = "/settings/notifications/devices/"
GOOD = [
    "https://fcm.googleapis.com/fcm/send/abc:def",
    "https://updates.push.services.mozilla.com/wpush/v2/abc",
    "https://web.push.apple.com/QPabc",
    "https://wns2-par02p.notify.windows.com/w/?token=abc",
    "https://fcm.googleapis.com:443/x",
]
BAD = [
    "",
    "http://fcm.googleapis.com/x",
    "https://fcm.googleapis.com:8443/x",
    "https://fcm.googleapis.com.evil.example/x",
    "https://evil.example/fcm.googleapis.com",
    "https://evilfcm.googleapis.com@127.0.0.1/x",
    "https://user@fcm.googleapis.com/x",
    "https://fcm.googleapis.com\\@127.0.0.1/x",
    "https://fcm.googleapis.com/x#y",
    "https://127.0.0.1/x",
    "https://[::1]/x",
    "https://xpush.apple.com/x",
    "https://fcm.googleapis.com/" + "x" * 2100,
    "https://fcm.googleapis.com/\nx",
    "https://ｆcm.googleapis.com/x",
    "file:///etc/passwd",
    "https://[fcm.googleapis.com/x",
]


@pytest.mark.parametrize("endpoint", GOOD)
def test_the_push_services_of_browsers_are_known(endpoint):
    assert is_allowed(endpoint)


@pytest.mark.parametrize("endpoint", BAD)
def test_other_endpoints_are_refused_at_subscribing(world, service, as_, endpoint):
    fields = service.browser("x").subscription | {"endpoint": endpoint}
    answer = as_(world.ana).post(ADDRESS, fields)
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "text/plain")
    assert not Device.objects.exists()


def test_an_endpoint_that_is_no_longer_allowed_is_not_called(world, subscribe, post, deliver, service, settings):
    subscribe(world.ben)
    settings.PUSH_SERVICES = frozenset()
    post(world.direct, world.ana, "Hello")
    deliver()
    assert service.received == []
    assert not Device.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("p256dh", "AAAA"), ("p256dh", ""), ("p256dh", "B" * 87), ("auth", "AAAA"), ("auth", "ÄÄ"), ("p256dh", "*" * 87)],
)
def test_invalid_keys_are_refused(world, service, as_, name, value):
    answer = as_(world.ana).post(ADDRESS, service.browser("x").subscription | {name: value})
    assert answer.status_code == 422


def test_nobody_has_more_than_twenty_devices(world, subscribe, service, as_):
    for _ in range(20):
        subscribe(world.ana)
    answer = as_(world.ana).post(ADDRESS, service.browser("more").subscription)
    assert answer.status_code == 422
    assert "Remove one first" in answer.text


def test_a_browser_belongs_to_the_person_who_signed_in_last(world, subscribe, service, as_, post, deliver):
    browser = subscribe(world.ben, "shared")
    as_(world.olga).post(ADDRESS, browser.subscription)
    assert Device.objects.get().user == world.olga
    post(world.direct, world.ana, "For Ben")
    deliver()
    assert service.received == []


def test_another_subscription_of_the_same_visit_replaces_the_first(world, subscribe, service):
    browser = subscribe(world.ben)
    assert browser.client.post(ADDRESS, service.browser("new").subscription).status_code == 204
    assert Device.objects.get().endpoint == f"{service.origin}/push/new"


def test_a_browser_unsubscribes(world, subscribe):
    browser = subscribe(world.ben)
    assert browser.client.post(ADDRESS, browser.subscription | {"remove": "yes"}).status_code == 204
    assert not Device.objects.exists()


def test_people_remove_their_own_devices_only(world, subscribe, as_):
    browser = subscribe(world.ben)
    pk = Device.objects.get().pk
    as_(world.ana).post(f"{ADDRESS}{pk}/remove/")
    assert Device.objects.exists()
    assert as_(world.ana).post(f"{ADDRESS}{pk}/test/").headers["Location"] == "/settings/notifications/"
    browser.client.post(f"{ADDRESS}{pk}/remove/")
    assert not Device.objects.of(world.ben).exists()


def test_a_removed_browser_stays_removed_until_it_is_turned_on_there(world, subscribe, post, deliver, service):
    browser = subscribe(world.ben)
    browser.client.post(f"{ADDRESS}{Device.objects.get().pk}/remove/")
    assert browser.client.post(ADDRESS, browser.subscription | {"again": "yes"}).status_code == 410
    post(world.direct, world.ana, "Hello")
    deliver()
    assert service.received == []
    assert browser.client.post(ADDRESS, browser.subscription).status_code == 204
    assert browser.client.post(ADDRESS, browser.subscription | {"again": "yes"}).status_code == 204
    post(world.direct, world.ana, "Hello again")
    deliver()
    assert len(browser.pushes) == 1


def test_a_test_shows_where_it_stopped(world, subscribe, service, run_jobs, django_capture_on_commit_callbacks):
    browser = subscribe(world.ben)
    address = f"{ADDRESS}{Device.objects.get().pk}/test/"
    service.answer(browser, 500, text="out of order")
    with django_capture_on_commit_callbacks(execute=True):
        page = browser.client.post(address, follow=True)
    assert "Waiting for 127.0.0.1" in page.text
    assert page.headers["Refresh"] == "1"
    run_jobs()
    assert "rejected it: “500 out of order”" in browser.client.get(address).text
    service.heal(browser)
    with django_capture_on_commit_callbacks(execute=True):
        browser.client.post(address)
    run_jobs()
    page = browser.client.get(address)
    assert "accepted it" in page.text
    assert "Waiting for the browser" in page.text
    token = browser.pushes[0]["receipt"]
    assert browser.client.post("/push/receipt/", {"token": token}).status_code == 204
    page = browser.client.get(address)
    assert "The browser has shown it" in page.text
    assert "Refresh" not in page.headers


def test_the_button_of_a_push_marks_its_conversation_as_read(world, subscribe, post, deliver, as_):
    browser = subscribe(world.ben)
    message = post(world.direct, world.ana, "Hello")
    deliver()
    token = browser.pushes[0]["mark_read"]
    assert as_(world.ana).post("/push/read/", {"token": token}).status_code == 404
    browser.client.handler.enforce_csrf_checks = True
    assert browser.client.post("/push/read/", {"token": token}).status_code == 204
    assert world.direct.memberships.get(user=world.ben).last_read_message_id == message.pk


@pytest.mark.parametrize("address", ["/push/read/", "/push/receipt/"])
def test_service_workers_need_a_token_of_ours(world, as_, address):
    client = as_(world.ana)
    other = signing.dumps([world.ana.pk, 1], salt="something else")
    assert [client.post(address, {"token": token}).status_code for token in ("", "x", other)] == [404] * 3
    assert client.get(address).status_code == 405


def test_a_receipt_of_somebody_elses_device_changes_nothing(world, subscribe, as_):
    subscribe(world.ben)
    token = signing.dumps(Device.objects.get().pk, salt=RECEIPT)
    as_(world.ana).post("/push/receipt/", {"token": token})
    assert Device.objects.get().shown_at is None
    assert MARK_READ != RECEIPT


def test_push_is_off_with_a_reason_without_https(world, as_, service, settings):
    client = as_(world.ana)
    settings.TLS = False
    assert "Push needs https" in client.get("/settings/notifications/").text
    assert client.post(ADDRESS, service.browser("x").subscription).status_code == 422


def test_the_key_is_encrypted_and_made_again_after_another_secret_key(db, settings):
    first = PushKey.objects.current()
    assert PushKey.objects.current() == first
    plain = first.decrypted().private_numbers().private_value.to_bytes(32, "big")
    assert plain not in bytes(first.private)
    settings.SECRET_KEY = "x" * 50
    second = PushKey.objects.current()
    assert second.public != first.public
    assert not PushKey.objects.get(pk=first.pk).is_readable


def test_endpoints_are_in_no_log(world, subscribe, post, deliver, service, caplog):
    browser = subscribe(world.ben, "secret-capability")
    service.answer(browser, 400, text="bad")
    post(world.direct, world.ana, "Private words")
    deliver()
    assert "400 bad" in caplog.text
    assert "secret-capability" not in caplog.text
    assert "Private words" not in caplog.text
