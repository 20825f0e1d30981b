"""Settings → Notifications, and the page that says why somebody was notified."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.models.conversation.membership import Notify
from conversations.notifications.fan_out import empty_outbox
from conversations.notifications.models import Notification, NotificationDelivery, NotificationSettings

pytestmark = pytest.mark.django_db
ADDRESS = "/settings/notifications/"
QUIET = {
    "quiet-TOTAL_FORMS": "2",
    "quiet-INITIAL_FORMS": "0",
    "quiet-0-days": ["0", "1"],
    "quiet-0-start": "22:00",
    "quiet-0-end": "07:00",
}
FIELDS = {"push": ["direct", "mention"], "shows": "who", "digest": "off", "digest_hour": "8", "digest_day": "0"} | QUIET


def chosen_by(user):
    return NotificationSettings.objects.of(user)


def test_people_choose_what_notifies_them(world, as_):
    client = as_(world.ana)
    answer = client.post(ADDRESS, FIELDS | {"direct_passes": "on", "passing": ["ben"]})
    assert answer.status_code == 302
    chosen = chosen_by(world.ana)
    assert chosen.push_off == ["reply", "thread", "call", "watch"]
    assert (chosen.shows, chosen.direct_passes, chosen.passing) == ("who", True, [world.ben.pk])
    assert chosen.quiet == [{"days": [0, 1], "from": "22:00", "to": "07:00"}]
    page = client.get(ADDRESS)
    assert "wait until" in page.text
    assert 'value="22:00"' in page.text or 'value="22:00:00"' in page.text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"quiet-0-end": ""}, "Enter when these quiet hours begin and end."),
        ({"quiet-0-days": []}, "Choose the days of these quiet hours."),
        ({"passing": ["nobody"]}, "Nobody here is called nobody."),
        ({"shows": "everything"}, "Select a valid choice"),
    ],
)
def test_a_wrong_value_is_named_and_nothing_is_lost(world, as_, wrong, words):
    answer = as_(world.ana).post(ADDRESS, FIELDS | wrong)
    assert answer.status_code == 422
    assert words in answer.text
    assert not NotificationSettings.objects.exists()


def test_people_pause_resume_and_lift_quiet_hours(world, as_):
    client = as_(world.ana)
    for word, least in [("hour", timedelta(minutes=59)), ("tomorrow", timedelta(0)), ("2026-12-24T10:00", None)]:
        client.post(f"{ADDRESS}pause/", {"until": word})
        until = chosen_by(world.ana).paused_until
        assert until
        assert least is None or until > timezone.now() + least
        client.post(f"{ADDRESS}pause/", {"until": "now"})
        assert chosen_by(world.ana).paused_until is None


@pytest.mark.parametrize("word", ["", "yesterday", "2020-01-01T10:00", "2999-01-01T10:00", "2026-99-99T10:00"])
def test_a_pause_ends_within_a_year(world, as_, word):
    page = as_(world.ana).post(f"{ADDRESS}pause/", {"until": word}, follow=True)
    assert "Choose a time in the future" in page.text
    assert not NotificationSettings.objects.exists()


def why(client, message):
    return client.get(f"/m/{message.pk}/why/").text


def test_the_reason_of_a_notification_is_shown_with_a_button_that_changes_just_that(world, as_, post, deliver):
    message = post(world.plans, world.ana, "@ben")
    deliver()
    client = as_(world.ben)
    page = why(client, message)
    assert "You were mentioned." in page
    assert "No browser of yours had push" in page
    client.post(f"/m/{message.pk}/why/", {"change": "switch-off"})
    chosen = chosen_by(world.ben)
    assert (chosen.push_off, chosen.mail_off) == (["mention"], ["mention"])
    later = post(world.plans, world.ana, "@ben")
    deliver()
    page = why(client, later)
    assert "You switched off notifications of this kind" in page
    assert "Last changed on" in page
    client.post(f"/m/{later.pk}/why/", {"change": "switch-on"})
    assert chosen_by(world.ben).push_off == []


def test_a_silence_names_the_rule_that_held(world, as_, post, deliver):
    message = post(world.plans, world.ana, "@ben")
    world.plans.set_notify(world.ben, Notify.NOTHING)
    deliver()
    client = as_(world.ben)
    page = why(client, message)
    assert "The conversation is muted" in page
    assert "Last changed on" in page
    client.post(f"/m/{message.pk}/why/", {"change": "unmute"})
    assert world.plans.memberships.get(user=world.ben).notify == Notify.ALL
    assert "The conversation is muted" in why(client, message)


def test_what_waits_says_for_what(world, as_, post):
    client = as_(world.ben)
    client.post(f"{ADDRESS}pause/", {"until": "hour"})
    message = post(world.direct, world.ana, "Hello")
    empty_outbox()
    assert "It waits for the end of your pause" in why(client, message)
    client.post(f"/m/{message.pk}/why/", {"change": "resume"})
    assert "It is about to be sent" in why(client, message)


def test_without_a_stored_notification_the_rules_of_now_are_shown_as_such(world, as_, post, deliver):
    message = post(world.direct, world.ana, "Hello")
    deliver()
    Notification.objects.all().delete()
    page = why(as_(world.ben), message)
    assert "Below is what your current settings would do" in page
    assert "It is a direct message to you" in page
    plain = post(world.plans, world.ana, "Hello")
    assert "It neither mentions you" in why(as_(world.ben), plain)


def test_those_who_do_not_see_a_message_learn_nothing(world, as_, post):
    message = post(world.plans, world.ana, "@ben")
    assert as_(world.olga).get(f"/m/{message.pk}/why/").status_code == 404
    assert as_(world.olga).get(f"/m/{message.pk}/notice/").status_code == 404
    assert as_(world.olga).post(f"/c/{world.plans.pk}/looking/").status_code == 404


def test_authors_see_counts_only_of_ten_people_and_more(world, as_, post):
    from accounts.tests.factories import UserFactory
    from conversations.models import Conversation

    few = post(world.plans, world.ana, "@all")
    many = Conversation.objects.start(world.ana, "Many", "private", UserFactory.create_batch(10))
    message = post(many, world.ana, "@all")
    empty_outbox()
    client = as_(world.ana)
    assert "people were notified" not in why(client, few)
    assert "10 people were notified." in why(client, message)
    NotificationDelivery.objects.filter(conversation=many).update(hold="quiet")
    assert "10 people were notified: 10 have quiet hours now." in why(client, message)
    assert "were notified" not in why(as_(many.memberships.exclude(user=world.ana)[0].user), message)


def test_looking_at_a_conversation_postpones_its_push_once(world, as_, post):
    post(world.direct, world.ana, "Hello")
    empty_outbox()
    client = as_(world.ben)
    first = NotificationDelivery.objects.get(channel="push").due_at
    assert client.post(f"/c/{world.direct.pk}/looking/").status_code == 204
    second = NotificationDelivery.objects.get(channel="push").due_at
    assert second > first + timedelta(seconds=20)
    client.post(f"/c/{world.direct.pk}/looking/")
    post(world.direct, world.ana, "Again")
    empty_outbox()
    assert NotificationDelivery.objects.get(channel="push").due_at == second


def test_a_notice_has_the_words_of_a_push_until_the_message_is_read(world, as_, post):
    message = post(world.plans, world.ana, "Hello @ben")
    client = as_(world.ben)
    address = f"/m/{message.pk}/notice/"
    assert client.get(address).status_code == 404
    empty_outbox()
    notice = client.get(address).json()
    assert (notice["title"], notice["body"], notice["tag"]) == ("Ana Lima · Plans", "Hello @ben", f"c{world.plans.pk}")
    world.plans.mark_read(world.ben, message)
    assert client.get(address).status_code == 204


def test_owners_set_what_notifications_may_do(boss, as_):
    from accounts.models import Workspace

    client = as_(boss)
    client.post("/settings/workspace/", {"policy": "yes", "allows_mail": "on", "most_shown": "who"})
    now = Workspace.objects.current()
    assert (now.allows_push, now.allows_mail, now.most_shown) == (False, True, "who")
    client.post("/settings/workspace/", {"name": "Ours", "sign_up": "open"})
    assert not Workspace.objects.current().allows_push
