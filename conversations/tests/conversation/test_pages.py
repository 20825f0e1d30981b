"""Paging through the history of a conversation by its links."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from conversations.templatetags.when import full_day
from conversations.tests.factories import history, say

MOMENT = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


def walk(client, address, relation):
    """Follow the links in one direction; return the message ids of each page."""
    pages = []
    while address:
        page = client.get(address).content.decode().partition('<template class="edges">')[0]  # links for scripts
        pages.append([int(pk) for pk in re.findall(r'<article id="m(\d+)"', page)])
        link = re.search(rf'rel="{relation}" href="([^"]+)"', page)
        address = link and link[1]
    return pages


@pytest.mark.parametrize("step", [timedelta(0), timedelta(microseconds=1), timedelta(hours=7)])
def test_a_thousand_messages_page_without_loss_or_repeat_in_both_directions(world, as_, step):
    rows = history(world.town, world.ana, [MOMENT + step * number for number in range(1000)])
    order = [row.pk for row in rows]
    client, start = as_(world.ben), f"/c/{world.town.pk}/"

    back = walk(client, start, "prev")
    assert [pk for page in reversed(back) for pk in page] == order
    assert {len(page) for page in back} == {20}

    first_page = client.get(start + f"?before={rows[20].cursor}").content.decode()
    newer = re.search(r'rel="next" href="([^"]+)"', first_page)[1]
    forth = walk(client, newer, "next")
    assert order[:20] + [pk for page in forth for pk in page] == order


def test_messages_are_ordered_by_time_not_id(world, as_):
    late = say(world.town, world.ana, "said today")
    [early] = history(world.town, world.ben, [MOMENT])
    assert walk(as_(world.ben), f"/c/{world.town.pk}/", "prev") == [[early.pk, late.pk]]


def test_the_newest_page_has_no_newer_link_and_the_oldest_no_older_one(world, as_):
    rows = history(world.town, world.ana, [MOMENT + timedelta(hours=number) for number in range(20)])
    client = as_(world.ben)
    page = client.get(f"/c/{world.town.pk}/").context["page"]
    assert (page.older, page.newer) == (None, None)
    page = client.get(f"/c/{world.town.pk}/?before={rows[0].cursor}").context["page"]
    assert (page.messages, page.older, page.newer) == ([], None, None)


@pytest.mark.parametrize("query", ["before=", "before=nonsense", "after=%00", "after=%F0%9F%98%80"])
def test_a_malformed_cursor_is_not_found(world, as_, query):
    assert as_(world.ana).get(f"/c/{world.town.pk}/?{query}").status_code == 404


def test_times_and_days_are_in_the_readers_time_zone(world, as_):
    history(world.town, world.ana, [MOMENT, MOMENT + timedelta(hours=1)])
    world.ben.time_zone = "Europe/Amsterdam"  # its clocks skip from 1:59 to 3:00 that night
    world.ben.save(update_fields=["time_zone"])
    page = as_(world.ben).get(f"/c/{world.town.pk}/").content.decode()
    assert re.findall(r">(\d\d:\d\d)</time></a>", page) == ["01:30", "03:30"]
    assert page.count(f'<span class="full-day">{full_day(date(2026, 3, 29), timezone.localdate().year)}</span>') == 1
    world.olga.time_zone = "America/New_York"
    world.olga.save(update_fields=["time_zone"])
    page = as_(world.olga).get(f"/c/{world.town.pk}/").content.decode()
    assert re.findall(r">(\d\d:\d\d)</time></a>", page) == ["20:30", "21:30"]
    assert page.count(f'<span class="full-day">{full_day(date(2026, 3, 28), timezone.localdate().year)}</span>') == 1


def test_an_empty_conversation_says_what_to_do(world, as_):
    assert "Write the first message below" in as_(world.ana).get(f"/c/{world.town.pk}/").content.decode()
    assert "Write the first message below" not in as_(world.olga).get(f"/c/{world.town.pk}/").content.decode()
