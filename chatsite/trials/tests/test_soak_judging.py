"""What the soak would report of a site that loses, duplicates, reorders or delays messages."""

from types import SimpleNamespace

import pytest

from chatsite.trials.client.articles import Article
from chatsite.trials.soak.judging import judge_delays, judge_reader, judge_stored
from chatsite.trials.soak.report import MAX_DELAY_SECONDS, Fault, Report

LATE = MAX_DELAY_SECONDS + 1
FAULT = Fault("PostgreSQL was killed", 100, 110)


def article(number, words=None, is_deleted=False):
    body = f'<div class="body">{words if words is not None else f"0 says {number}"}</div>'
    return Article(number, number, is_deleted, 0, body)


@pytest.fixture
def world():
    """A soak of three messages, of which the second was edited and the third deleted, without a fault."""
    words = {1: "0 says 1", 2: "0 says 2, edited", 3: ""}
    sender = SimpleNamespace(words=words, acknowledged_at=dict.fromkeys(words, 50.0))
    reader = SimpleNamespace(name="reader", seen=[(1, 1), (2, 2), (3, 3)], seen_at=dict.fromkeys(words, 50.1))
    stored = [article(1), article(2, words[2]), article(3, "", is_deleted=True)]
    return SimpleNamespace(sender=sender, reader=reader, stored=stored)


def judged(world, *faults):
    report = Report(sent=3)
    judge_stored(report, world.stored, [world.sender])
    judge_reader(report, world.stored, world.reader)
    judge_delays(report, [world.sender], world.reader, faults)
    return report


def test_a_site_without_faults_is_clean(world):
    report = judged(world)
    assert report.is_clean, report
    assert "p50 0.100 s" in str(report)


def test_a_message_that_is_gone_is_lost(world):
    del world.stored[0]
    assert judged(world).lost == 1
    assert not judged(world).is_clean


@pytest.mark.parametrize("words", ["0 says 2", "", "something else"])
def test_an_edit_that_is_gone_is_lost(world, words):
    world.stored[1] = article(2, words)
    assert judged(world).lost == 1


def test_a_message_deleted_by_nobody_is_lost(world):
    world.stored[0] = article(1, "", is_deleted=True)
    assert judged(world).lost == 1


def test_a_deletion_that_is_gone_is_lost(world):
    world.stored[2] = article(3)
    assert judged(world).lost == 1


@pytest.mark.parametrize("words", ["0 says 1", "0 says 1, edited"])
def test_words_that_are_there_twice_are_duplicated(world, words):
    world.stored.append(article(4, words))
    world.reader.seen.append((4, 4))
    assert judged(world).duplicated == 1


def test_a_change_that_a_reader_did_not_see_is_lost(world):
    world.reader.seen.remove((2, 2))
    assert judged(world).lost == 1


def test_a_change_that_a_reader_saw_twice_is_duplicated_and_out_of_order(world):
    world.reader.seen.append((2, 2))
    report = judged(world)
    assert (report.duplicated, report.out_of_order) == (1, 1)


def test_what_a_reader_saw_late_is_late(world):
    world.reader.seen_at[1] = 50 + LATE
    report = judged(world)
    assert (report.late, report.is_clean) == (1, False)
    assert "nothing had broken yet" in str(report)


@pytest.mark.parametrize("acknowledged_at", [99, 105, 110])
def test_what_was_sent_during_a_fault_may_wait_for_its_end(world, acknowledged_at):
    world.sender.acknowledged_at[1], world.reader.seen_at[1] = acknowledged_at, 110 + MAX_DELAY_SECONDS - 0.1
    assert judged(world, FAULT).is_clean
    world.reader.seen_at[1] = 110 + LATE
    assert judged(world, FAULT).late_after == {FAULT.name: 1}


def test_a_fault_excuses_nothing_that_happened_after_it(world):
    world.sender.acknowledged_at[1], world.reader.seen_at[1] = 120, 120 + LATE
    assert judged(world, FAULT).late == 1


def test_a_reader_who_sees_nothing_makes_it_fail(world):
    world.reader.seen, world.reader.seen_at = [], {}
    report = judged(world)
    assert report.lost == 3
    assert "nothing was seen" in str(report)
