"""Quiet hours follow the clock of a person, whatever their zone does to it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.notifications.hours import LONGEST, Hours, never_ends, next_quiet, parse_periods, quiet_until
from conversations.notifications.wall_clock import first_moment, next_digest, until_tomorrow

VIENNA, TOKYO, NEW_YORK = ZoneInfo("Europe/Vienna"), ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")
EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]
NIGHTS = [{"days": EVERY_DAY, "from": "22:00", "to": "07:00"}]
MINUTE = timedelta(minutes=1)


def at(text, zone=VIENNA, fold=0):
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


def end(periods, now, zone=VIENNA):
    found = quiet_until(periods, zone, now)
    return found and found.astimezone(zone).replace(tzinfo=None).isoformat(" ", "minutes")


def period(start, to, *days):
    return {"days": list(days) or EVERY_DAY, "from": start, "to": to}


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-28 21:59", None),
        ("2026-11-28 22:00", "2026-11-29 07:00"),
        ("2026-11-29 00:30", "2026-11-29 07:00"),
        ("2026-11-29 06:59", "2026-11-29 07:00"),
        ("2026-11-29 07:00", None),
    ],
)
def test_a_night_lasts_from_its_evening_until_the_morning(now, until):
    assert end(NIGHTS, at(now)) == until


def test_a_day_is_that_on_which_a_period_begins():
    friday = [period("22:00", "07:00", 4)]
    assert end(friday, at("2026-11-28 03:00")) == "2026-11-28 07:00", "Friday’s night, on Saturday morning"
    assert end(friday, at("2026-11-27 03:00")) is None, "Thursday’s night"


def test_equal_times_mean_24_hours():
    sunday = [period("09:00", "09:00", 6)]
    assert end(sunday, at("2026-11-29 08:59")) is None
    assert end(sunday, at("2026-11-29 09:00")) == "2026-11-30 09:00"
    assert end(sunday, at("2026-11-30 08:59")) == "2026-11-30 09:00"


def test_periods_that_touch_or_overlap_are_one():
    weekend = [period("18:00", "00:00", 4), period("00:00", "00:00", 5), period("00:00", "12:00", 6)]
    overlapping = [*NIGHTS, period("06:00", "09:00", 5)]
    assert end(weekend, at("2026-11-27 19:00")) == "2026-11-29 12:00"
    assert end(overlapping, at("2026-11-28 01:00")) == "2026-11-28 09:00"
    assert end(overlapping, at("2026-11-29 01:00")) == "2026-11-29 07:00"


def test_a_schedule_of_the_whole_week_never_ends():
    always = [period("00:00", "00:00")]
    now = at("2026-11-28 12:00")
    assert quiet_until(always, VIENNA, now) == now + LONGEST
    assert never_ends(always)
    assert never_ends([period("07:00", "22:00"), *NIGHTS])
    assert not never_ends([period("07:00", "21:59"), *NIGHTS])
    assert not never_ends([])


def test_without_a_schedule_nothing_is_quiet():
    assert quiet_until([], VIENNA, at("2026-11-28 23:00")) is None
    assert next_quiet([], VIENNA, at("2026-11-28 23:00")) is None


def test_the_next_quiet_is_that_of_now_or_of_the_coming_days():
    monday = [period("22:00", "07:00", 0)]
    quiet = next_quiet(monday, VIENNA, at("2026-12-01 12:00"))
    assert (quiet.start, quiet.end) == (at("2026-12-07 22:00"), at("2026-12-08 07:00"))
    assert next_quiet(NIGHTS, VIENNA, at("2026-11-29 01:00")).start == at("2026-11-28 22:00")


# Vienna: on 29 March 2026 clocks skip 2:00–3:00, on 25 October they repeat it.
def test_an_end_in_the_skipped_hour_is_when_it_is_skipped():
    assert end([period("22:00", "02:30")], at("2026-03-29 01:59")) == "2026-03-29 03:00"
    assert end([period("22:00", "02:30")], at("2026-03-29 03:00")) is None


def test_a_start_in_the_skipped_hour_is_when_it_is_skipped():
    early = [period("02:30", "07:00")]
    assert end(early, at("2026-03-29 01:59")) is None
    assert end(early, at("2026-03-29 03:00")) == "2026-03-29 07:00"


def test_a_period_within_the_skipped_hour_is_empty():
    assert end([period("02:15", "02:45")], at("2026-03-29 03:00")) is None
    assert next_quiet([period("02:15", "02:45")], VIENNA, at("2026-03-29 01:00")).start == at("2026-03-30 02:15")


def test_an_end_in_the_repeated_hour_is_the_first():
    quiet = [period("22:00", "02:30")]
    assert quiet_until(quiet, VIENNA, at("2026-10-25 02:29")) == at("2026-10-25 02:30").astimezone(UTC)
    assert quiet_until(quiet, VIENNA, at("2026-10-25 02:30")) is None
    assert quiet_until(quiet, VIENNA, at("2026-10-25 02:15", fold=1)) is None, "it has ended and does not begin again"


def test_a_start_in_the_repeated_hour_is_the_first():
    quiet = [period("02:30", "03:00")]
    assert quiet_until(quiet, VIENNA, at("2026-10-25 02:29")) is None
    assert quiet_until(quiet, VIENNA, at("2026-10-25 02:30")) == at("2026-10-25 03:00")
    assert quiet_until(quiet, VIENNA, at("2026-10-25 02:00", fold=1)) == at("2026-10-25 03:00")


def test_a_night_is_an_hour_longer_or_shorter_when_clocks_change():
    spring = next_quiet(NIGHTS, VIENNA, at("2026-03-29 00:00"))
    autumn = next_quiet(NIGHTS, VIENNA, at("2026-10-25 00:00"))
    assert (spring.end - spring.start.astimezone(UTC), autumn.end - autumn.start) == (
        timedelta(hours=8),
        timedelta(hours=10),
    )


def test_the_same_moment_is_quiet_in_one_zone_and_not_in_another():
    now = at("2026-11-28 23:00", TOKYO)
    assert quiet_until(NIGHTS, TOKYO, now) == at("2026-11-29 07:00", TOKYO)
    assert quiet_until(NIGHTS, NEW_YORK, now) is None


def test_whoever_travels_has_the_quiet_of_the_new_zone():
    now = at("2026-11-28 22:30", VIENNA)
    assert Hours(VIENNA, NIGHTS).held_until(now) == at("2026-11-29 07:00", VIENNA)
    assert Hours(NEW_YORK, NIGHTS).held_until(now) is None
    assert Hours(TOKYO, NIGHTS).held_until(now) == at("2026-11-29 07:00", TOKYO)


def test_a_skipped_midnight_is_the_moment_at_which_it_is_skipped():
    havana = ZoneInfo("America/Havana")
    assert first_moment(date(2026, 3, 8), time(), havana) == at("2026-03-08 01:00", havana)


def test_a_skipped_day_does_no_harm():
    apia = ZoneInfo("Pacific/Apia")  # had no 30 December 2011
    assert end(NIGHTS, at("2011-12-29 23:00", apia), apia) == "2011-12-31 07:00"
    assert end(NIGHTS, at("2011-12-31 07:00", apia), apia) is None


def test_a_pause_holds_whatever_the_schedule_says():
    now = at("2026-11-28 12:00")
    paused = Hours(VIENNA, NIGHTS, paused_until=at("2026-11-28 13:00"))
    assert paused.held_until(now) == at("2026-11-28 13:00")
    assert paused.held_until(at("2026-11-28 13:00")) is None


def test_a_pause_that_ends_at_night_is_followed_by_quiet():
    paused = Hours(VIENNA, NIGHTS, paused_until=at("2026-11-28 23:00"))
    assert paused.held_until(at("2026-11-28 12:00")) == at("2026-11-29 07:00")


def test_a_lifted_night_is_not_quiet_and_the_following_is():
    tonight = next_quiet(NIGHTS, VIENNA, at("2026-11-28 20:00"))
    lifted = Hours(VIENNA, NIGHTS, unquiet_until=tonight.end)
    assert Hours(VIENNA, NIGHTS).held_until(at("2026-11-28 23:00"))
    assert lifted.held_until(at("2026-11-28 23:00")) is None
    assert lifted.held_until(at("2026-11-29 23:00")) == at("2026-11-30 07:00")


def test_direct_messages_and_chosen_people_pass_if_the_person_wants():
    hours = Hours(VIENNA, NIGHTS, direct_passes=True, passing={7})
    assert hours.passes(1, is_direct=True)
    assert hours.passes(7, is_direct=False)
    assert not hours.passes(1, is_direct=False)
    assert not hours.passes(None, is_direct=False)
    assert not Hours(VIENNA, NIGHTS).passes(1, is_direct=True)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-28 14:00", "2026-11-29 09:00"),
        ("2026-11-28 04:00", "2026-11-29 09:00"),
        ("2026-11-28 03:59", "2026-11-28 09:00"),
        ("2026-11-28 00:10", "2026-11-28 09:00"),
    ],
)
def test_tomorrow_comes_after_the_night(now, until):
    assert until_tomorrow(VIENNA, at(now)) == at(until)


def test_a_daily_digest_is_due_at_its_hour_once_a_day():
    assert next_digest("daily", 0, 8, VIENNA, at("2026-11-28 07:59")) == at("2026-11-28 08:00")
    assert next_digest("daily", 0, 8, VIENNA, at("2026-11-28 08:00")) == at("2026-11-29 08:00")
    assert next_digest("daily", 0, 2, VIENNA, at("2026-03-29 01:00")) == at("2026-03-29 03:00")
    assert next_digest("daily", 0, 2, VIENNA, at("2026-10-25 02:00")) == at("2026-10-26 02:00"), "not at each 2:00"


def test_a_weekly_digest_is_due_on_its_day():
    assert next_digest("weekly", 0, 8, VIENNA, at("2026-11-28 12:00")) == at("2026-11-30 08:00")
    assert next_digest("weekly", 0, 8, VIENNA, at("2026-11-30 08:00")) == at("2026-12-07 08:00")
    assert next_digest("off", 0, 8, VIENNA, at("2026-11-30 08:00")) is None


def test_periods_are_stored_in_one_form():
    assert parse_periods([period("22:00", "07:00", 4, 4, 0)]) == [{"days": [0, 4], "from": "22:00", "to": "07:00"}]
    assert parse_periods([]) == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("22:00", "a list"),
        ([period("22:00", "07:00")] * 15, "at most 14"),
        ([period("24:00", "07:00")], "“24:00” is not a time"),
        ([period("22:00", "7:00")], "“7:00” is not a time"),
        ([period("22:00", "07:00\n")], "is not a time"),
        ([period("22:00", "٠٧:٠٠")], "is not a time"),
        ([period(22, "07:00")], "“22” is not a time"),
        ([{"days": [], "from": "22:00", "to": "07:00"}], "at least one day"),
        ([period("22:00", "07:00", 7)], "those of a week"),
        ([period("22:00", "07:00", True)], "those of a week"),
        ([period("22:00", "07:00", "1")], "those of a week"),
        ([{"from": "22:00", "to": "07:00"}], "needs its days"),
        ([period("22:00", "07:00") | {"zone": "UTC"}], "needs its days"),
        ([None], "needs its days"),
    ],
)
def test_wrong_periods_are_refused_with_words(value, words):
    with pytest.raises(ValueError, match=words):
        parse_periods(value)


CLOCKS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 0, 15, 30, 45, 59]))
NEAR_TWO = st.builds("{:02}:{:02}".format, st.integers(0, 4), st.sampled_from([0, 15, 30]))
PERIODS = st.builds(
    lambda days, start, to: {"days": sorted(days), "from": start, "to": to},
    st.sets(st.integers(0, 6), min_size=1),
    CLOCKS | NEAR_TWO,
    CLOCKS | NEAR_TWO,
)
# Days on which clocks change, by an hour, by half an hour (Lord Howe), at midnight (Havana), and a skipped day (Apia).
CHANGES = [
    *(("Europe/Vienna", "2026-03-29"), ("Europe/Vienna", "2026-10-25"), ("Australia/Lord_Howe", "2026-10-04")),
    *(("Australia/Lord_Howe", "2026-04-05"), ("America/Havana", "2026-03-08"), ("America/Havana", "2026-11-01")),
    *(("Pacific/Apia", "2011-12-31"), ("Asia/Kathmandu", "2026-05-01")),
]


def is_quiet(periods, clock):
    """Tell whether a clock that shows a time is within a period that began today or yesterday."""
    for each in periods:
        start, to = time.fromisoformat(each["from"]), time.fromisoformat(each["to"])
        for day in (clock.date(), clock.date() - timedelta(days=1)):
            ends_on = day if to > start else day + timedelta(days=1)
            if day.weekday() in each["days"] and datetime.combine(day, start) <= clock < datetime.combine(ends_on, to):
                return True
    return False


def simulated(periods, zone, now):
    """Look at the clock each minute; one that is put back counts as standing still until it has caught up."""
    shown, moment = datetime(1970, 1, 1), now - timedelta(days=3)  # noqa: DTZ001 – what a clock shows has no zone
    while moment < now + LONGEST:
        shown = max(shown, moment.astimezone(zone).replace(tzinfo=None))
        if moment >= now and not is_quiet(periods, shown):
            break
        moment += MINUTE
    return moment if moment > now else None


@settings(max_examples=150)
@given(periods=st.lists(PERIODS, max_size=4), change=st.sampled_from(CHANGES), minutes=st.integers(-2880, 2880))
def test_quiet_ends_when_a_clock_looked_at_each_minute_says_so(periods, change, minutes):
    zone = ZoneInfo(change[0])
    now = datetime.fromisoformat(change[1]).replace(tzinfo=zone).astimezone(UTC) + minutes * MINUTE
    assert quiet_until(periods, zone, now) == simulated(periods, zone, now)
