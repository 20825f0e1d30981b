"""How long a job is retried, and work in batches."""

from datetime import timedelta
from itertools import count, takewhile

import pytest

from chatsite.jobs.batches import until_done
from chatsite.jobs.declaring import Backoff, retries, schedules, tasks


def waits(lasting):
    backoff = Backoff(lasting)
    return list(takewhile(lambda wait: wait is not None, map(backoff.wait_after, count())))


def test_waits_double_up_to_an_hour():
    found = waits(timedelta(days=1))
    assert found[:4] == [10, 20, 40, 80]
    assert max(found) == found[-1] == 3600
    assert timedelta(hours=22) < timedelta(seconds=sum(found)) <= timedelta(days=1)


def test_by_default_a_job_is_retried_for_ten_minutes():
    assert Backoff().wait_after(0) == 10
    assert sum(waits(Backoff().lasting)) <= 600


def test_tasks_are_found_by_the_path_of_their_function():
    assert tasks["chatsite.jobs.jobs.delete_finished_jobs"].func.__name__ == "delete_finished_jobs"
    assert schedules.keys() <= tasks.keys()
    assert retries.keys() <= tasks.keys()


def test_batches_run_until_nothing_is_left(monkeypatch):
    monkeypatch.setattr("chatsite.jobs.batches.PAUSE_SECONDS", 0)
    left = [5, 5, 2, 0, 7]
    assert until_done(lambda: left.pop(0)) == 12
    assert left == [7]


def test_batches_stop_after_their_maximum_time(monkeypatch):
    monkeypatch.setattr("chatsite.jobs.batches.MAX_SECONDS", -1)
    monkeypatch.setattr("chatsite.jobs.batches.time.sleep", lambda _: pytest.fail("a pause after the last batch"))
    assert until_done(lambda: 5) == 5
