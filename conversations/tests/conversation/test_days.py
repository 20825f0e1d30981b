"""Day pages of a conversation and its calendar."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models.locale import Locale
from conversations.fragments.days import nearness
from conversations.models import Conversation
from conversations.tests.factories import history, say
from conversations.tests.site.test_queries import fill, nodes

MOST_STATEMENTS = 8
HEADING = (
    r'<h2 class="day" data-day="([^"]+)"><a href="([^"]+)">'
    r'(?:<span class="relative-day".*</span>)?<span class="full-day">([^<]+)<'
)


def moment(text, zone="UTC"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def read_as(person, zone):
    person.time_zone = zone
    person.save(update_fields=["time_zone"])


def shown(page):
    return re.findall(r'<article id="m(\d+)"', page)


def squares(page):
    """Read the calendar: {day: label of its link}."""
    return dict(re.findall(r'href="/c/\d+/([\d-]+)/" aria-label="([^"]+)"', page))


@pytest.fixture
def get(as_):
    def get(person, conversation, day, query=""):
        answer = as_(person).get(f"/c/{conversation.pk}/{day}/{query}")
        assert answer.status_code == 200
        return answer.content.decode()

    return get


def test_a_day_page_shows_the_messages_of_that_day_oldest_first(world, get):
    moments = ["2024-05-02T23:59:59.999999", "2024-05-03T00:00", "2024-05-03T23:59:59.999999", "2024-05-04T00:00"]
    rows = history(world.town, world.ana, map(moment, moments))
    history(world.plans, world.ana, [moment("2024-05-03T12:00")])
    page = get(world.ben, world.town, "2024-05-03")
    assert shown(page) == [str(row.pk) for row in rows[1:3]]
    assert f'<a class="at" href="/m/{rows[1].pk}/">' in page
    assert re.findall(HEADING, page) == [
        ("2024-05-03", f"/c/{world.town.pk}/2024-05-03/#calendar", "Friday 3 May 2024")
    ]


def test_days_of_the_last_week_are_named_and_only_other_years_are_shown(world, as_):
    today = timezone.localdate()
    days = [today - timedelta(days=age) for age in (800, 7, 6, 2, 1, 0)]
    history(world.town, world.ana, [moment(f"{day}T00:00:00") for day in days])
    page = as_(world.ben).get(f"/c/{world.town.pk}/").content.decode()
    heading = (
        r'<h2 class="day"[^>]*><a [^>]*>(?:<span class="relative-day"[^>]*>(\w+)<.*)?<span class="full-day">([^<]+)<'
    )
    names = ["", "", f"{days[2]:%A}", f"{days[3]:%A}", "Yesterday", "Today"]
    full = [f"{day:%A} {day.day} {day:%B}{'' if day.year == today.year else f' {day.year}'}" for day in days]
    assert re.findall(heading, page) == list(zip(names, full, strict=True))


def test_a_day_is_named_until_midnight(world):
    today, to = date(2026, 12, 31), Locale("en", "Europe/Amsterdam")

    def until(day):
        return nearness(day, today)[1]

    with to.active():
        assert until(date(2026, 12, 29)) == moment("2027-01-05", to.time_zone), "a week later it is that day again"
        assert nearness(date(2026, 12, 24), today) == (None, None)
        assert nearness(date(2027, 1, 1), today) == (None, None)


def test_the_calendar_shows_the_number_of_messages_per_day(world, get):
    for day, messages in ((1, 1), (3, 12), (8, 30), (31, 100)):
        history(world.town, world.ana, [moment(f"2024-05-{day:02}T08:00")] * messages)
    history(world.town, world.ana, [moment("2024-03-09T08:00"), moment("2024-06-30T08:00"), moment("2025-01-01T08:00")])
    page = get(world.ben, world.town, "2024-05-03")
    assert "<caption>May 2024</caption>" in page
    assert squares(page) == {
        "2024-05-01": "1 May, 1 message",
        "2024-05-03": "3 May, 12 messages",
        "2024-05-08": "8 May, 30 messages",
        "2024-05-31": "31 May, 100 messages",
    }
    assert re.findall(r'class="(shade-\d)"', page) == ["shade-1", "shade-2", "shade-3", "shade-4"]
    assert re.findall(r'<a [^>]*aria-current="page">(\d+)<', page) == ["3"]
    assert re.search(r"<tbody>\s*<tr><td></td><td></td><td><a [^>]+>1<", page), "1 May 2024 was a Wednesday"
    assert f'<a href="/c/{world.town.pk}/2024-03-09/">‹ March 2024</a>' in page
    assert f'<a href="/c/{world.town.pk}/2024-06-30/">June 2024 ›</a>' in page


def test_the_calendar_marks_today_in_the_readers_time_zone(world, get):
    now = timezone.now()
    read_as(world.ben, zone := "Etc/GMT+12" if now.hour < 10 else "Etc/GMT-14")  # a zone with a different date
    today = now.astimezone(ZoneInfo(zone)).date()
    assert today != now.date()
    page = get(world.ben, world.town, today.replace(day=17 if today.day < 17 else 1))
    assert re.findall(r'class="today"><\w+[^>]*>(\d+)<', page) == [str(today.day)]
    assert re.findall(r'aria-current="page">(\d+)<', page) == ["17" if today.day < 17 else "1"]
    assert 'class="today"' not in get(world.ben, world.town, "2024-05-08")


def test_a_day_page_links_to_the_nearest_days_with_messages(world, get):
    rows = history(
        world.town, world.ana, [moment(f"{day}T08:00") for day in ("2023-12-31", "2024-05-03", "2024-08-01")]
    )
    pk = world.town.pk
    middle = get(world.ben, world.town, "2024-05-03")
    assert f'rel="prev" href="/c/{pk}/2023-12-31/">‹ Sunday 31 December 2023' in middle
    assert f'rel="next" href="/c/{pk}/2024-08-01/">Thursday 1 August 2024 ›' in middle
    assert f'<a href="/m/{rows[0].pk}/">First message, 31 Dec 2023</a>' in middle
    assert f'<a href="/m/{rows[2].pk}/">Last message, 1 Aug 2024</a>' in middle
    first, last = get(world.ben, world.town, "2023-12-31"), get(world.ben, world.town, "2024-08-01")
    assert ('rel="prev"' in first, 'rel="next"' in first) == (False, True)
    assert ('rel="prev"' in last, 'rel="next"' in last) == (True, False)
    assert "‹ December 2023" in get(world.ben, world.town, "2024-01-15"), "January is empty"


def test_an_empty_day_page_says_so_and_links_to_other_days(world, get):
    history(world.town, world.ana, [moment("2024-05-03T08:00"), moment("2024-05-20T08:00")])
    page = get(world.ben, world.town, "2024-05-10")
    assert "No messages on this day." in page
    assert f'rel="prev" href="/c/{world.town.pk}/2024-05-03/"' in page
    assert f'rel="next" href="/c/{world.town.pk}/2024-05-20/"' in page
    assert "No messages on this day." in get(world.ben, world.direct, "2024-05-10")


def test_deleted_messages_are_left_out_of_days(world, get):
    rows = history(world.town, world.ana, [moment(f"2024-05-{day:02}T08:00") for day in (1, 2, 3, 3)])
    for row in (rows[0], rows[3]):
        row.delete_by(world.ana)
    page = get(world.ben, world.town, "2024-05-03")
    assert shown(page) == [str(rows[2].pk)]
    assert squares(page) == {"2024-05-02": "2 May, 1 message", "2024-05-03": "3 May, 1 message"}
    assert f'/m/{rows[1].pk}/">First message, 2 May 2024' in page
    assert "No messages on this day" in get(world.ben, world.town, "2024-05-01")


HOURS = [
    ("Europe/Amsterdam", "2026-03-29", 23),
    ("Europe/Amsterdam", "2026-10-25", 25),
    ("America/Sao_Paulo", "2018-11-04", 23),  # began at one o'clock
    ("America/Sao_Paulo", "2018-02-17", 25),  # its last hour was repeated
    ("America/Havana", "2026-11-01", 25),  # its first hour is repeated
    ("Asia/Kathmandu", "2026-11-01", 24),
    ("Pacific/Apia", "2011-12-30", 0),  # skipped by the calendar
]


@pytest.mark.parametrize(("zone", "day", "hours"), HOURS)
def test_a_day_lasts_from_midnight_to_midnight_in_the_readers_time_zone(world, get, zone, day, hours):
    start = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) - timedelta(days=2)
    rows = history(world.town, world.ana, [start + timedelta(minutes=15) * number for number in range(4 * 24 * 5)])
    read_as(world.ben, zone)
    there = [str(row.pk) for row in rows if str(row.created_at.astimezone(ZoneInfo(zone)).date()) == day]
    assert len(there) == 4 * hours
    page = get(world.ben, world.town, day)
    assert shown(page) == there
    assert (day in squares(page)) == bool(hours)
    if hours:
        assert squares(page)[day].endswith(f", {4 * hours} messages")
    before, after = (str(date.fromisoformat(day) + timedelta(days=step)) for step in (-1, 1))
    assert re.findall(r'rel="(?:prev|next)" href="/c/\d+/([\d-]+)/"', page)[:2] == [before, after]


def test_paging_a_long_day_is_complete_in_both_directions(world, get):
    noon = moment("2024-05-03T12:00")
    moments = [noon + timedelta(seconds=number // 7) for number in range(450)]  # several messages share the same time
    rows = history(world.town, world.ana, [*moments, noon + timedelta(days=1)])
    order = [str(row.pk) for row in rows[:450]]

    def walk(query, words):
        while query is not None:
            page = get(world.ben, world.town, "2024-05-03", query)
            yield shown(page)
            link = re.search(rf'href="/c/\d+/2024-05-03/(\?[^"]+)">{words}', page)
            query = link and link[1]

    forth = list(walk("", "Later on this day"))
    assert [len(part) for part in forth] == [100, 100, 100, 100, 50]
    assert [*chain(*forth)] == order
    back = list(walk(f"?before={rows[450].cursor}", "Earlier on this day"))
    assert [*chain(*reversed(back))] == order
    assert "Earlier on this day" not in get(world.ben, world.town, "2024-05-03")


IMPOSSIBLE = ["2024-02-30", "2023-02-29", "2024-13-01", "0000-01-01", "1969-12-31", "3000-01-01", "2024-5-3"]


@pytest.mark.parametrize("day", IMPOSSIBLE)
def test_an_impossible_day_is_not_found(world, as_, day):
    assert as_(world.ana).get(f"/c/{world.town.pk}/{day}/").status_code == 404


@pytest.mark.parametrize("query", ["?after=nonsense", "?before="])
def test_a_malformed_cursor_is_not_found(world, as_, query):
    assert as_(world.ana).get(f"/c/{world.town.pk}/2024-05-03/{query}").status_code == 404


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("day", ["1970-01-01", "2999-12-31"])
def test_the_first_and_last_supported_days_have_pages(world, get, day, zone):
    read_as(world.ben, zone)
    [row] = history(world.town, world.ana, [moment(f"{day}T12:00", zone)])
    assert shown(get(world.ben, world.town, day)) == [str(row.pk)]


def test_entering_a_day_opens_its_page_and_no_day_the_last_one(world, as_):
    client, find = as_(world.ben), f"/c/{world.town.pk}/days/"
    before = timezone.localdate()
    assert client.get(find)["Location"] in {f"/c/{world.town.pk}/{day}/" for day in (before, timezone.localdate())}
    history(world.town, world.ana, [moment("2024-05-03T08:00")])
    assert client.get(find)["Location"] == f"/c/{world.town.pk}/2024-05-03/"
    assert client.get(f"{find}?day=2024-02-29")["Location"] == f"/c/{world.town.pk}/2024-02-29/"
    for word in ("2024-02-30", "", "soon", "1969-12-31", "%00"):
        answer = client.get(f"{find}?day={word}")
        assert answer.status_code == 422
        assert "May 2024</caption>" in answer.content.decode()
        assert 'class="errorlist"' in answer.content.decode()


def test_day_headings_link_to_day_pages(world, as_):
    history(world.town, world.ana, [moment("2024-05-03T23:00")])
    read_as(world.ben, "Europe/Amsterdam")
    client = as_(world.ben)
    page = client.get(f"/c/{world.town.pk}/").content.decode()
    assert re.findall(HEADING, page) == [
        ("2024-05-04", f"/c/{world.town.pk}/2024-05-04/#calendar", "Saturday 4 May 2024")
    ]
    assert f'href="/c/{world.town.pk}/days/"' in page
    say(world.town, world.ana, "new")
    changes = client.get(f"/c/{world.town.pk}/changes/?after=0").content.decode()
    assert f'<a href="/c/{world.town.pk}/20' in changes
    sent = client.post(
        f"/c/{world.town.pk}/messages/", {"content": "x", "client_key": uuid4()}, headers={"X-Requested-With": "fetch"}
    )
    assert f'<a href="/c/{world.town.pk}/20' in sent.content.decode()


def test_day_pages_are_visible_to_readers_and_hidden_from_outsiders(world, as_):
    for conversation, status in ((world.town, 200), (world.plans, 404)):
        assert as_(world.olga).get(f"/c/{conversation.pk}/2024-05-03/").status_code == status
        assert as_(world.ben).get(f"/c/{conversation.pk}/2024-05-03/").status_code == 200
    assert as_(world.olga).get(f"/c/{world.plans.pk}/days/?day=2024-05-03").status_code == 404


def test_a_day_page_takes_a_constant_number_of_statements(world, as_):
    client = as_(world.ben)
    client.get("/offline/")  # so that the measured requests do not update the last visit
    costs = []
    for messages in (0, 3, 250):
        history(world.town, world.ana, [moment("2024-05-03T08:00")] * messages)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/c/{world.town.pk}/2024-05-03/")
        costs.append(len(queries))
    assert len(set(costs)) == 1
    assert costs[0] <= MOST_STATEMENTS


def explained(statement):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
        [[[found]]] = cursor.fetchall()
    return list(nodes(found["Plan"]))


@pytest.mark.django_db(transaction=True)
def test_day_queries_use_an_index():
    fill(20_000, minutes=10)
    conversation, day = Conversation.objects.first(), date(2026, 3, 7)
    with CaptureQueriesContext(connection) as queries:
        counts = conversation.messages.counts_in_month(day, UTC)
        landmarks = conversation.messages.landmarks(day, UTC)
        assert len(conversation.messages.on_days(day, day, UTC).oldest_first()) == counts[day] > 6
    assert len(counts) == 31
    assert [landmarks[name].day.day for name in ("previous", "next", "previous_month", "next_month")] == [6, 8, 28, 1]
    plans = [explained(query["sql"]) for query in queries]
    for steps in plans:
        assert "Seq Scan" not in {step["Node Type"] for step in steps}
        assert {"messages_conv_created_id", "idx_messages_conversation"} & {step.get("Index Name") for step in steps}
    assert sum(step["Actual Rows"] for step in plans[1] if "Index Name" in step) == 6
