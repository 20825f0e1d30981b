"""Reports: messages per person and day, and silent people."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from conversations.models import Message
from conversations.models.timeline import reporting
from conversations.tests.factories import history, say

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def counts(since, until, zone):
    rows = Message.objects.counts_per_day(date.fromisoformat(since), date.fromisoformat(until), zone)
    return {(str(row["day"]), row["username"]): row["messages"] for row in rows}


def test_messages_are_counted_by_person_and_day(world):
    history(world.town, world.ana, ["2026-05-03T10:00Z", "2026-05-03T23:59:59.999999Z", "2026-05-04T00:00Z"])
    history(world.plans, world.ben, ["2026-05-03T12:00Z", "2026-05-05T12:00Z"])
    assert counts("2026-05-03", "2026-05-04", UTC) == {
        ("2026-05-03", "ana"): 2,
        ("2026-05-03", "ben"): 1,
        ("2026-05-04", "ana"): 1,
    }


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)])
def test_days_follow_the_time_zone_when_clocks_change(world, day, hours):
    midnight = datetime.fromisoformat(day).replace(tzinfo=AMSTERDAM).astimezone(UTC)
    history(world.town, world.ana, [midnight + timedelta(minutes=30 * number) for number in range(-2, 2 * hours + 2)])
    assert counts(day, day, AMSTERDAM) == {(day, "ana"): 2 * hours}


def test_messages_without_an_author_are_not_counted(world):
    history(world.town, None, ["2026-05-03T10:00Z"])
    assert counts("2026-05-03", "2026-05-03", UTC) == {}


def test_the_page_counts_only_visible_messages(world, as_):
    history(world.town, world.ana, ["2026-05-03T10:00Z"])
    history(world.plans, world.ana, ["2026-05-03T10:00Z", "2026-05-03T11:00Z"])
    address = "/reports/activity/?since=2026-05-01&until=2026-05-07"
    assert [row["messages"] for row in as_(world.ben).get(address).context["rows"]] == [3]
    assert [row["messages"] for row in as_(world.olga).get(address).context["rows"]] == [1]


def test_the_page_has_a_chart_with_a_column_for_each_day(world, as_):
    history(world.town, world.ana, ["2026-05-03T10:00Z"])
    page = as_(world.ben).get("/reports/activity/?since=2026-05-01&until=2026-05-07").content.decode()
    assert page.count("<rect") == 1 + 7, "a background and one column per day"
    assert "Sun 3 May 2026" in page
    assert "style=" not in page


@pytest.mark.parametrize(
    "query",
    [
        "since=x&until=y",
        "since=2026-05-02&until=2026-05-01",
        "since=2020-01-01&until=2026-01-01",
        "since=9999-12-31&until=9999-12-31",
        "since=0001-01-01&until=0001-01-02",
        "since=2026-05-02",
    ],
)
def test_invalid_days_are_shown_with_an_error(world, as_, query):
    answer = as_(world.ben).get(f"/reports/activity/?{query}")
    assert answer.status_code == 200
    assert 'class="errorlist' in answer.content.decode()
    assert answer.context["form"]["since"].value() == query.partition("&")[0].removeprefix("since=")


def test_the_page_without_days_shows_the_last_two_weeks(world, as_):
    say(world.town, world.ana, "now")
    context = as_(world.ben).get("/reports/activity/").context
    assert context["total"] == 1
    assert context["form"].cleaned_data["until"] - context["form"].cleaned_data["since"] == timedelta(days=13)


def silent(since):
    return set(Message.objects.silent_people(since).values_list("username", flat=True))


def test_silent_people_joined_earlier_and_wrote_nothing_since(world):
    now = timezone.now()
    since = now - timedelta(days=30)
    moments = {"ana": since, "ben": since - timedelta(microseconds=1), "olga": None}
    for name, moment in moments.items():
        User.objects.filter(username=name).update(created_at=since - timedelta(days=1))
        if moment:
            history(world.town, User.objects.get(username=name), [moment])
    assert silent(since) == {"ben", "olga"}, "exactly 30 days ago counts as recent, a microsecond more does not"
    User.objects.filter(username="olga").update(created_at=since)
    assert silent(since) == {"ben"}, "people who joined exactly 30 days ago have not been silent for longer"
    User.objects.filter(username="ben").update(is_active=False)
    assert silent(since) == set(), "deactivated people are not listed"


def test_new_accounts_with_old_imported_messages_are_silent(world):
    history(world.town, world.ana, ["2016-07-27T10:00Z"])
    assert silent(timezone.now() - timedelta(days=30)) == {"ana"}


@pytest.mark.parametrize("query", ["after=%00", "days=99999999999999999999", "days=-1", "after=" + "x" * 5000])
def test_invalid_parameters_do_not_break_the_page(world, as_, query):
    assert as_(world.ana).get(f"/reports/silent/?{query}").status_code == 200


def test_messages_without_an_author_do_not_hide_silent_people(world):
    User.objects.update(created_at="2020-01-01T00:00Z")
    say(world.town, world.ana, "hello")
    world.ana.delete()
    assert silent(timezone.now() - timedelta(days=30)) == {"ben", "olga"}


def test_the_page_shows_when_people_last_wrote(world, as_):
    User.objects.update(created_at="2020-01-01T00:00Z")
    history(world.town, world.ana, ["2024-05-03T10:00Z"])
    page = as_(world.olga).get("/reports/silent/").content.decode()
    assert "3 May 2024" in page
    assert ">never<" in page
    assert "Nobody was inactive for that long" in as_(world.olga).get("/reports/silent/?days=10000").content.decode()
    assert 'class="errorlist' in as_(world.olga).get("/reports/silent/?days=soon").content.decode()


def test_the_page_of_silent_people_is_paginated(world, as_, monkeypatch):
    monkeypatch.setattr("conversations.views.reports.PEOPLE_ON_A_PAGE", 2)
    User.objects.update(created_at="2020-01-01T00:00Z")
    first = as_(world.ana).get("/reports/silent/").context
    second = as_(world.ana).get(f"/reports/silent/?days=30&after={first['more']}").context
    assert [person.username for person in [*first["people"], *second["people"]]] == ["ana", "ben", "olga"]
    assert second["more"] is None


@pytest.fixture
def locks():
    """Hold advisory locks in another connection, as another process does."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}, autocommit=True) as other:
        yield lambda kind, number: other.execute("SELECT pg_advisory_lock(%s, %s)", [kind, number])


def test_a_person_reads_one_report_at_a_time(world, as_, locks):
    addresses = ("/reports/activity/", "/reports/silent/")
    locks(reporting.PERSON, world.ana.pk)
    for address in addresses:
        answer = as_(world.ana).get(address)
        assert (answer.status_code, answer["Retry-After"]) == (429, "5")
        assert as_(world.ben).get(address).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_third_report_waits(world, as_, locks):
    for turn in range(2):
        assert as_(world.ben).get("/reports/activity/").status_code == 200, "the turn before is over"
        locks(reporting.TURN, turn)
    assert as_(world.ben).get("/reports/activity/").status_code == 429


def test_reports_have_a_time_limit_of_their_own(world):
    with reporting.reporting(world.ana), connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == (f"{reporting.MAX_STATEMENT_SECONDS}s",)
