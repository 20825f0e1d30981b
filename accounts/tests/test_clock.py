"""A clock that steps locks nobody out, and is reported."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client

from accounts.models import CacheEntry, LimitReached
from accounts.models import clock as clocks
from accounts.models.clock import TRUSTED_AFTER_SECONDS, SteadyClock
from accounts.models.limits import RATES, Limit, take_by_key
from accounts.sessions import SessionStore
from accounts.tests.factories import UserFactory

DAY_SECONDS = 86_400


class SetClock(SteadyClock):
    """A clock whose uptime is set by the test."""

    passed = 0.0

    def uptime(self):
        return self.passed


@pytest.fixture
def clock(monkeypatch):
    """The clock of the site, and how the machine's is set: `clock.set(seconds)`."""
    start = time.time()
    clock = SetClock()
    clock.set = lambda seconds: monkeypatch.setattr(clocks.time, "time", lambda: start + seconds)
    clock.set(0)
    clock.read = start
    for module in ("accounts.sessions", "accounts.middleware", "accounts.models.visit", "accounts.adapters.account"):
        monkeypatch.setattr(f"{module}.clock", clock)
    return clock


@pytest.mark.parametrize("step", [-3600, 40 * DAY_SECONDS])
def test_a_step_does_not_count_for_an_hour_and_is_reported_once(clock, caplog, step):
    start = clock.time()
    for clock.passed in (0, 10, TRUSTED_AFTER_SECONDS - 1):
        clock.set(step + clock.passed)
        assert clock.time() == start + clock.passed
    assert len([each for each in caplog.messages if "the clock of this machine jumped" in each]) == 1
    clock.passed = TRUSTED_AFTER_SECONDS
    clock.set(step + clock.passed)
    assert clock.time() == start + step + clock.passed, "then it is the new time that is right"


def test_a_step_that_is_undone_leaves_no_trace(clock):
    start = clock.time()
    clock.set(40 * DAY_SECONDS)
    assert clock.time() == start
    clock.passed = 5
    clock.set(5)
    assert clock.time() == start + 5
    assert clock.stepped_at is None


@pytest.mark.django_db
def test_nobody_is_signed_out_by_a_clock_that_is_wrong_for_a_moment(clock, as_):
    ana, stranger = as_(UserFactory(username="ana")), Client()
    stranger.get("/accounts/login/")
    assert ana.get("/settings/profile/").status_code == 200
    clock.set(40 * DAY_SECONDS)
    assert ana.get("/settings/profile/").status_code == 200
    SessionStore.clear_expired()
    clock.set(0)
    assert ana.get("/settings/profile/").status_code == 200


def set_back(seconds):
    """Set the clock of the database back, as seen by what it has stored."""
    Limit.objects.update(full_at=F("full_at") + timedelta(seconds=seconds))


@pytest.mark.django_db
@pytest.mark.parametrize("seconds", [5, 3600, 2 * DAY_SECONDS])
def test_nobody_waits_longer_than_usual_after_the_clock_of_the_database_was_set_back(seconds):
    rate = RATES["send"]
    for _ in range(rate.burst):
        take_by_key("send", 7)
    with pytest.raises(LimitReached):
        take_by_key("send", 7)
    set_back(seconds)
    take_by_key("send", 7)
    for _ in range(rate.burst - 1):
        take_by_key("send", 7)
    with pytest.raises(LimitReached) as refused:
        take_by_key("send", 7)
    assert refused.value.seconds <= rate.burst * rate.seconds


@pytest.mark.django_db
def test_failed_attempts_do_not_count_longer_because_the_clock_was_set_back():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO cache VALUES ('usual', '', now() + interval '30 minutes')")
        cursor.execute("INSERT INTO cache VALUES ('later', '', now() + interval '90 minutes')")
    CacheEntry.objects.delete_expired()
    assert [entry.cache_key for entry in CacheEntry.objects.filter(cache_key__in=["usual", "later"])] == ["usual"]
