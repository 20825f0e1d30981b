"""Which mails people get: about what they have not seen, all of it in one, and not too many."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db.models import F
from django.utils import timezone

from accounts.models import Workspace
from conversations.models.conversation.membership import Notify
from conversations.notifications.mail import sending
from conversations.notifications.models import Notification, NotificationDelivery, NotificationSettings, Outcome

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mails(settings, world):
    """The site sends mail, and everyone has confirmed their address."""
    settings.MAIL = {"host": "mail.example.org"}
    for person in (world.ana, world.ben, world.olga):
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return mail.outbox


def outcome(message, user):
    return Notification.objects.get(message=message, user=user).mail


def test_one_mail_holds_everything_that_is_still_unseen(world, post, deliver, mails):
    messages = [post(world.direct, world.ana, "Lunch?"), post(world.plans, world.ana, "See @ben")]
    deliver(timedelta(minutes=9))
    assert mails == []
    deliver(timedelta(minutes=2))
    [sent] = mails
    assert sent.to == [world.ben.email]
    assert sent.subject == "2 messages in 2 conversations"
    assert "Lunch?" in sent.body
    assert f"/m/{messages[0].pk}/why/" in sent.body
    assert {outcome(message, world.ben) for message in messages} == {Outcome.SENT}
    deliver()
    assert len(mails) == 1


def test_what_was_read_deleted_or_muted_meanwhile_is_in_no_mail(world, post, deliver, mails):
    read = post(world.direct, world.ana, "Read")
    world.direct.mark_read(world.ben, read)
    deleted = post(world.direct, world.ana, "Deleted")
    deleted.delete_by(world.ana)
    muted = post(world.plans, world.ana, "@ben")
    world.plans.set_notify(world.ben, Notify.NOTHING)
    deliver()
    assert mails == []
    found = [outcome(message, world.ben) for message in (read, deleted, muted)]
    assert found == [Outcome.READ, Outcome.DELETED, Outcome.MUTED]
    kept = post(world.direct, world.ana, "Kept")
    deliver()
    assert "Kept" in mails[0].body
    assert "Deleted" not in mails[0].body
    assert outcome(kept, world.ben) == Outcome.SENT


def test_a_mail_waits_a_quarter_of_an_hour_after_the_last_one(world, post, deliver, mails):
    post(world.direct, world.ana, "One")
    deliver()
    later = post(world.direct, world.ana, "Two")
    deliver()
    assert len(mails) == 1
    waiting = NotificationDelivery.objects.get(channel="mail")
    assert waiting.hold == "limit"
    assert timedelta(minutes=13) < waiting.due_at - timezone.now() < timedelta(minutes=16)
    chosen = NotificationSettings.objects.get(user=world.ben)
    chosen.mailed_at = [at - timedelta(minutes=16) for at in chosen.mailed_at]
    chosen.save()
    waiting.postpone(timezone.now())
    NotificationDelivery.objects.update(due_at=F("due_at") - timedelta(hours=1))
    deliver()
    assert len(mails) == 2
    assert outcome(later, world.ben) == Outcome.SENT


def test_nobody_gets_more_than_eight_mails_a_day(world, post, deliver, mails):
    times = [timezone.now() - timedelta(hours=hours) for hours in range(20, 4, -2)]
    NotificationSettings.objects.create(user=world.ben, mailed_at=times)
    post(world.direct, world.ana, "Nine")
    deliver()
    assert mails == []
    due = NotificationDelivery.objects.get(channel="mail").due_at
    assert timedelta(hours=3) < due - timezone.now() < timedelta(hours=5)


def test_watched_conversations_and_calls_of_everyone_send_no_mail(world, post, deliver, mails):
    world.plans.set_notify(world.ben, Notify.WATCH)
    watched, called = post(world.plans, world.ana, "Hello"), post(world.town, world.ana, "@all")
    deliver()
    assert mails == []
    assert {outcome(message, world.ben) for message in (watched, called)} == {Outcome.NOT_BY_MAIL}


def test_a_reply_to_everyone_in_a_followed_thread_is_mailed(world, post, deliver, mails):
    first = post(world.plans, world.ana, "First")
    post(world.plans, world.ben, "Yes", reply_to=first)
    reply = post(world.plans, world.ana, "For @all", reply_to=first)
    deliver()
    assert [sent.to for sent in mails] == [[world.ben.email]]
    assert outcome(reply, world.ben) == Outcome.SENT


@pytest.mark.parametrize("why", ["unconfirmed", "policy", "off", "mail"])
def test_no_mail_goes_where_none_is_wanted_or_possible(world, boss, post, deliver, mails, settings, why):
    if why == "unconfirmed":
        EmailAddress.objects.update(verified=False)
    elif why == "policy":
        Workspace.objects.current().change(boss, allows_mail=False)
    elif why == "off":
        NotificationSettings.objects.of(world.ben).unsubscribe("notifications")
    else:
        settings.MAIL = {}
    message = post(world.direct, world.ana, "Hello")
    deliver()
    assert mails == []
    assert outcome(message, world.ben) == why


def test_the_workspace_limits_what_mails_show(world, boss, post, deliver, mails):
    Workspace.objects.current().change(boss, most_shown="who")
    post(world.plans, world.ana, "Secret @ben")
    deliver()
    assert "Secret" not in mails[0].body
    assert "Plans" not in mails[0].subject + mails[0].body


def answering(monkeypatch, *outcomes):
    answers = list(outcomes)
    monkeypatch.setattr(sending, "send", lambda mails: [answers.pop(0) for _ in mails])


def test_a_server_that_is_busy_is_asked_again(world, post, deliver, mails, monkeypatch):
    again = sending.Outcome(sending.State.AGAIN, "451 try later", 451)
    answering(monkeypatch, again, sending.SENT)
    message = post(world.direct, world.ana, "Hello")
    deliver()
    waiting = NotificationDelivery.objects.get(channel="mail")
    assert (waiting.error, waiting.attempts) == ("451 try later", 1)
    deliver()
    assert outcome(message, world.ben) == Outcome.SENT


def test_refusals_on_three_days_switch_mail_off_visibly(world, post, deliver, monkeypatch, as_):
    refused = sending.Outcome(sending.State.REFUSED, "550 nobody here", 550, is_address=True)
    for days in (2, 1, 0):
        answering(monkeypatch, refused)
        message = post(world.direct, world.ana, "Hello")
        deliver()
        assert outcome(message, world.ben) == Outcome.REFUSED
        NotificationSettings.objects.filter(user=world.ben).update(
            refused_on=[timezone.now().date() - timedelta(days=each) for each in range(2, days - 1, -1)]
        )
    answering(monkeypatch)
    last = post(world.direct, world.ana, "Hello")
    deliver()
    assert outcome(last, world.ben) == Outcome.REFUSED
    page = as_(world.ben).get("/settings/notifications/")
    assert "was rejected on three days" in page.text
    as_(world.ben).post("/settings/notifications/mail-again/")
    assert not NotificationSettings.objects.get(user=world.ben).is_refused(world.ben.email)


def digest_due(world, **values):
    NotificationSettings.objects.of(world.ben).change(world.ben, digest="daily", digest_hour=8, **values)
    from conversations.notifications.mail.digest_courier import schedule

    schedule(world.ben)
    return NotificationDelivery.objects.get(channel="digest")


def test_a_digest_is_sent_at_the_chosen_hour_and_is_due_again_the_next_day(world, post, deliver, mails):
    waiting = digest_due(world, mail_off=["mention", "direct", "reply", "thread"])
    assert timezone.now() < waiting.due_at < timezone.now() + timedelta(days=1)
    post(world.plans, world.ana, "Hello @ben")
    post(world.direct, world.ana, "Lunch?")
    deliver(timedelta(days=2))
    [sent] = mails
    assert sent.subject == "Your day in Chatsite"
    assert "Hello @ben" in sent.body
    assert "1 direct message" in sent.body
    assert timezone.now() < NotificationDelivery.objects.get(channel="digest").due_at


def test_a_digest_without_anything_new_is_not_sent(world, deliver, mails):
    digest_due(world)
    deliver(timedelta(days=2))
    assert mails == []
    assert NotificationDelivery.objects.get(channel="digest").due_at > timezone.now()


def test_people_who_have_been_here_get_no_digest(world, post, deliver, mails, as_):
    digest_due(world, mail_off=["mention", "direct", "reply", "thread"])
    post(world.plans, world.ana, "Hello @ben")
    as_(world.ben).get("/settings/notifications/")
    deliver(timedelta(days=2))
    assert mails == []


def test_a_digest_that_is_switched_off_is_forgotten(world, deliver, as_):
    digest_due(world)
    NotificationSettings.objects.of(world.ben).unsubscribe("digest")
    deliver(timedelta(days=2))
    assert not NotificationDelivery.objects.exists()


def test_a_digest_has_what_was_most_discussed_and_not_read_once(world, post):
    from conversations.notifications.mail.digest_courier import most_discussed

    world.town.favour(world.ben)
    read, unread, dull = (post(world.town, world.ana, words) for words in ("Read", "Unread", "Dull"))
    for message in (read, unread):
        message.react(world.ana, "🎉")
    world.town.mark_unread(world.ana, read)  # how far others have read does not count
    since = timezone.now() - timedelta(days=1)
    world.town.mark_read(world.ben, read)
    assert [message.pk for message in most_discussed(world.ben, since)] == [unread.pk]
    world.town.mark_read(world.ben, dull)
    assert most_discussed(world.ben, since) == []
    assert most_discussed(world.ana, since) == []
