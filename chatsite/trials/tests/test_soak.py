"""Things break while people talk: no acknowledged message is missing, and none is there twice."""

import pytest

from chatsite.tests.plugin import copied, empty
from chatsite.trials.soak import faults
from chatsite.trials.soak.soak import Soak

pytestmark = pytest.mark.slow
SECONDS = 4
# Granian gives up on a worker that ends within 5.5 s of its start, so other faults come between those that end workers.
FAULTS = {
    "nothing": None,
    "killed": faults.kill_worker,
    "announcements dropped": faults.drop_announcements,
    "killed before announcing": faults.kill_workers_before_they_announce,
    "backend killed": faults.kill_backend,
    "drained": faults.drain_worker,
    "PostgreSQL killed": faults.kill_postgres,
    "PostgreSQL stopped": faults.stop_postgres,
    "parent killed": faults.kill_parent,
}


def judge(soak, inject, seconds=SECONDS):
    report = soak.run(seconds, inject, every=seconds)
    print(f"{inject}\n{report}")  # noqa: T201
    assert report.is_clean, report
    assert report.acknowledged == report.sent > 20
    assert bool(report.faults) == bool(inject)


@pytest.fixture(scope="module")
def two_workers(prepared, tmp_path_factory):
    for site in copied(prepared, tmp_path_factory.mktemp("soak") / "var"):
        yield site.start(WORKERS="2")


@pytest.fixture
def recovering(two_workers):
    """A site with two workers and no people, on which earlier tests may have broken other things."""
    empty(two_workers)
    yield two_workers
    faults.restore_announcements(two_workers)


@pytest.mark.parametrize("name", FAULTS)
def test_nothing_is_lost_or_duplicated(recovering, name):
    judge(Soak(recovering), FAULTS[name])


def test_nothing_is_lost_or_duplicated_by_a_proxy_that_cuts_every_stream(recovering):
    judge(Soak(recovering, cut_after=1.5), None, seconds=5)
