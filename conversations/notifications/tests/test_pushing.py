"""What is pushed, to whom, and what the answers of push services change."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.models.conversation.membership import Notify
from conversations.notifications.fan_out import empty_outbox
from conversations.notifications.models import Device, Notification, NotificationDelivery, NotificationSettings, Outcome

pytestmark = pytest.mark.django_db


def outcome(message, user):
    return Notification.objects.get(message=message, user=user).push


def test_a_direct_message_is_pushed_with_its_author_words_and_address(world, subscribe, post, deliver, service):
    ben = subscribe(world.ben)
    message = post(world.direct, world.ana, "Lunch at *one*?")
    deliver()
    [pushed] = ben.pushes
    shown = pushed["notification"]
    assert (shown["title"], shown["body"]) == ("Ana Lima", "Lunch at one?")
    assert shown["navigate"] == f"https://chat.example.org/m/{message.pk}/"
    assert shown["tag"] == f"c{world.direct.pk}"
    assert [action["action"] for action in shown["actions"]] == ["reply", "read"]
    assert (pushed["web_push"], pushed["mutable"], pushed["renotify"], pushed["app_badge"]) == (8030, True, True, 1)
    [(_path, headers, _body)] = service.received
    assert (headers["TTL"], headers["Urgency"], headers["Content-Encoding"]) == ("86400", "high", "aes128gcm")
    assert len(headers["Topic"]) == 22
    assert outcome(message, world.ben) == Outcome.SENT
    assert not NotificationDelivery.objects.filter(channel="push").exists()


def test_messages_of_a_conversation_arrive_as_one_push(world, subscribe, post, deliver):
    world.plans.set_notify(world.ben, Notify.WATCH)
    ben = subscribe(world.ben)
    for text in ("One", "Two", "Three"):
        post(world.plans, world.ana, text)
    deliver()
    [pushed] = ben.pushes
    assert pushed["notification"]["title"] == "3 new messages · Plans"
    assert pushed["notification"]["body"] == "Ana Lima: Three"
    assert not pushed["renotify"]


def test_nothing_is_pushed_of_what_was_read_deleted_or_muted_meanwhile(world, subscribe, post, deliver, service):
    subscribe(world.ben)
    read = post(world.direct, world.ana, "Read")
    world.direct.mark_read(world.ben, read)
    deleted = post(world.direct, world.ana, "Deleted")
    deleted.delete_by(world.ana)
    muted = post(world.plans, world.ana, "@ben")
    world.plans.set_notify(world.ben, Notify.NOTHING)
    gone = post(world.town, world.ana, "@olga")
    empty_outbox()
    world.olga.is_active = False
    world.olga.save(update_fields=["is_active"])
    edited = post(world.town, world.ana, "@ben")
    edited.edit(world.ana, "Nobody")
    deliver()
    assert service.received == []
    found = [outcome(message, world.ben) for message in (read, deleted, muted, edited)]
    assert found == [Outcome.READ, Outcome.DELETED, Outcome.MUTED, Outcome.UNMENTIONED]
    assert outcome(gone, world.olga) == Outcome.INVISIBLE


def test_only_mentions_and_replies_notify_where_somebody_wants_only_mentions(world, subscribe, post, deliver):
    ben = subscribe(world.ben)
    world.direct.set_notify(world.ben, Notify.MENTIONS)
    plain, mention = post(world.direct, world.ana, "Hello"), post(world.direct, world.ana, "Hello @ben")
    deliver()
    assert (outcome(plain, world.ben), outcome(mention, world.ben)) == (Outcome.LEVEL, Outcome.SENT)
    assert ben.pushes[0]["notification"]["body"] == "Hello @ben"


def test_kinds_that_are_switched_off_are_not_pushed(world, subscribe, post, deliver):
    subscribe(world.ben)
    NotificationSettings.objects.of(world.ben).change(world.ben, push_off=["mention"])
    message = post(world.plans, world.ana, "@ben")
    deliver()
    assert outcome(message, world.ben) == Outcome.OFF


def test_a_weaker_reason_counts_where_the_strongest_is_switched_off(world, subscribe, post, deliver):
    ben = subscribe(world.ben)
    world.plans.set_notify(world.ben, Notify.WATCH)
    NotificationSettings.objects.of(world.ben).change(world.ben, push_off=["call", "mention"])
    post(world.plans, world.ana, "For @all")
    deliver()
    assert [pushed["notification"]["body"] for pushed in ben.pushes] == ["For @all"]


def test_a_mention_that_an_edit_adds_reaches_those_whom_the_message_has_not_reached(world, subscribe, post, deliver):
    ben = subscribe(world.ben)
    world.plans.set_notify(world.ben, Notify.WATCH)
    NotificationSettings.objects.of(world.ben).change(world.ben, push_off=["watch"])
    message = post(world.plans, world.ana, "Hello")
    deliver()
    assert outcome(message, world.ben) == Outcome.OFF
    for text in ("Hello @ben", "Hello", "Hello again @ben"):
        message.edit(world.ana, text)
        deliver()
    assert [pushed["notification"]["body"] for pushed in ben.pushes] == ["Hello @ben"]
    assert outcome(message, world.ben) == Outcome.SENT


def test_quiet_hours_hold_pushes_back_and_then_send_them_as_one(world, subscribe, post, deliver):
    ben = subscribe(world.ben)
    always = [{"days": [0, 1, 2, 3, 4, 5, 6], "from": "00:00", "to": "00:00"}]
    chosen = NotificationSettings.objects.of(world.ben)
    chosen.change(world.ben, quiet=always)
    messages = [post(world.direct, world.ana, text) for text in ("One", "Two")]
    deliver()
    assert ben.pushes == []
    waiting = NotificationDelivery.objects.get(channel="push")
    assert waiting.hold == "quiet"
    assert waiting.due_at > timezone.now() + timedelta(days=1)
    chosen.change(world.ben, quiet=[])
    NotificationDelivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    deliver()
    assert [pushed["notification"]["title"] for pushed in ben.pushes] == ["2 new messages · Ana Lima"]
    assert {outcome(message, world.ben) for message in messages} == {Outcome.SENT}


def test_direct_messages_and_chosen_people_pass_quiet_hours(world, subscribe, post, deliver):
    ben = subscribe(world.ben)
    until = timezone.now() + timedelta(hours=1)
    NotificationSettings.objects.of(world.ben).change(world.ben, paused_until=until, direct_passes=True)
    post(world.direct, world.ana, "Direct")
    held = post(world.plans, world.ana, "@ben")
    deliver()
    assert [pushed["notification"]["body"] for pushed in ben.pushes] == ["Direct"]
    assert outcome(held, world.ben) == Outcome.WAITING
    NotificationSettings.objects.of(world.ben).change(world.ben, passing=[world.ana.pk])
    NotificationDelivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    deliver()
    assert outcome(held, world.ben) == Outcome.SENT


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_has_ended_is_deleted(world, subscribe, post, deliver, service, status):
    ben = subscribe(world.ben)
    service.answer(ben, status)
    message = post(world.direct, world.ana, "Hello")
    deliver()
    assert outcome(message, world.ben) == Outcome.NO_DEVICE
    assert not Device.objects.exists()


def test_a_push_that_is_too_large_is_sent_without_the_words(world, subscribe, post, deliver, service):
    ben = subscribe(world.ben)
    sizes = []

    def answer(handler):
        length = int(handler.headers["Content-Length"])
        sizes.append(length)
        handler.send_response(413 if len(sizes) == 1 else 201)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    service.answers[ben.path] = (answer, {}, "")
    message = post(world.direct, world.ana, "Hello " * 100)
    deliver()
    assert len(sizes) == 2
    assert sizes[1] < sizes[0]
    assert outcome(message, world.ben) == Outcome.SENT


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_is_busy_is_asked_again(world, subscribe, post, deliver, service, status):
    ben = subscribe(world.ben)
    service.answer(ben, status, {"Retry-After": "120"})
    message = post(world.direct, world.ana, "Hello")
    deliver()
    waiting = NotificationDelivery.objects.get(channel="push")
    assert timedelta(seconds=100) < waiting.due_at - timezone.now() < timedelta(seconds=125)
    service.heal(ben)
    deliver()
    assert outcome(message, world.ben) == Outcome.SENT
    assert len(ben.pushes) == 1


def test_a_retry_reaches_only_the_browsers_that_are_missing(world, subscribe, post, deliver, service):
    phone, laptop = subscribe(world.ben, "phone"), subscribe(world.ben, "laptop")
    service.answer(phone, 503)
    post(world.direct, world.ana, "Hello")
    deliver()
    service.heal(phone)
    deliver()
    assert (len(phone.pushes), len(laptop.pushes)) == (1, 1)


def test_a_push_that_fails_five_times_is_given_up_and_can_be_sent_again(world, subscribe, post, deliver, service):
    from django.core.management import call_command

    ben = subscribe(world.ben)
    service.answer(ben, 500)
    message = post(world.direct, world.ana, "Hello")
    for _ in range(5):
        deliver()
    assert outcome(message, world.ben) == Outcome.FAILED
    service.heal(ben)
    call_command("deliveries", retry="all")
    deliver()
    assert outcome(message, world.ben) == Outcome.SENT
    assert len(ben.pushes) == 1


def test_an_answer_that_refuses_our_key_is_kept_for_the_settings_page(world, subscribe, post, deliver, service):
    ben = subscribe(world.ben)
    service.answer(ben, 403, text="BadJwtToken")
    message = post(world.direct, world.ana, "Hello")
    deliver()
    assert outcome(message, world.ben) == Outcome.FAILED
    assert "403 BadJwtToken" in ben.client.get("/settings/notifications/").text


@pytest.mark.parametrize("how", ["sign out", "end all visits", "other password"])
def test_a_device_ends_with_its_visit(world, subscribe, post, deliver, service, how):
    ben = subscribe(world.ben)
    if how == "sign out":
        ben.client.post("/accounts/logout/")
    elif how == "end all visits":
        world.ben.end_visits()
    else:
        world.ben.set_password("another long one")
        world.ben.save()
    message = post(world.direct, world.ana, "Hello")
    deliver()
    assert service.received == []
    assert outcome(message, world.ben) == Outcome.NO_DEVICE
    assert not Device.objects.exists()


def test_what_a_lock_screen_shows_is_chosen_and_limited_by_the_workspace(world, boss, subscribe, post, deliver):
    from accounts.models import Workspace

    ben = subscribe(world.ben)
    shown = []
    for own, limit in [("where", "all"), ("who", "all"), ("nothing", "all"), ("all", "who")]:
        NotificationSettings.objects.of(world.ben).change(world.ben, shows=own)
        Workspace.objects.current().change(boss, most_shown=limit)
        post(world.plans, world.ana, "Secret @ben")
        deliver()
        shown.append((ben.pushes[-1]["notification"]["title"], ben.pushes[-1]["notification"]["body"]))
    assert shown == [("Ana Lima · Plans", ""), ("Ana Lima", ""), ("New message", ""), ("Ana Lima", "")]


def test_a_push_says_what_was_read_elsewhere_since(world, subscribe, post, deliver):
    ben = subscribe(world.ben)
    first = post(world.direct, world.ana, "Hello")
    deliver()
    world.direct.mark_read(world.ben, first)
    post(world.plans, world.ana, "@ben")
    deliver()
    assert ben.pushes[0]["read"] == []
    assert ben.pushes[1]["read"] == [f"c{world.direct.pk}"]


def test_the_workspace_can_switch_push_off(world, boss, subscribe, post, deliver, service):
    from accounts.models import Workspace

    subscribe(world.ben)
    Workspace.objects.current().change(boss, allows_push=False)
    message = post(world.direct, world.ana, "Hello")
    deliver()
    assert service.received == []
    assert outcome(message, world.ben) == Outcome.POLICY
