"""`manage.py benchmark` measures what it claims to; the runs are short here, so the numbers mean nothing."""

import json
import subprocess
import sys

import psutil
import pytest
from django.conf import settings

from chatsite.trials.benchmark import cpu, pages, requests

STATEMENTS = {
    "bare": 1,
    "conversation": 5,
    "older page": 5,
    "inbox": 3,
    "inbox of 50": 3,
    "inbox of 1,000": 3,
    "changes": 2,
    "static file": 0,
    "health": 3,
    "post": 5,
}
TINY = ("--messages", "2000", "--seconds", "0.02")
TIMEOUT_SECONDS = 900  # for a busy machine
BURN = "import time\nwhile time.process_time() < 0.3: pass\n"


@pytest.fixture
def started():
    """Start Python programs that print a line when they are done, and then wait."""
    processes = []

    def start(program):
        command = [sys.executable, "-c", f"{program}\nprint('done', flush=True)\ninput()"]
        processes.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        assert processes[-1].stdout.readline() == b"done\n"
        return processes[-1].pid

    yield start
    for process in processes:
        process.communicate()


@pytest.mark.slow
def test_pages_are_measured_against_the_bare_page_with_statements_and_plans(manage):
    ended = manage("benchmark", "pages", *TINY, "--json", "--check", timeout=TIMEOUT_SECONDS)
    [found] = json.loads(ended.stdout)
    by_name = {page["name"]: page for page in found["pages"]}
    assert list(by_name) == requests.NAMES
    assert by_name["bare"]["ratio"] == 1
    assert {name: by_name[name]["statements"] for name in STATEMENTS} == STATEMENTS
    assert all(page["per_second"] > 0 and page["worker_cpu_ms"] > 0 for page in found["pages"])
    assert by_name["conversation"]["postgres_cpu_ms"] > by_name["static file"]["postgres_cpu_ms"]
    assert found["whole"]["conversation"] == []
    assert found["worker_mb_under_load"] > 20
    missed = [page for page, least in pages.TARGETS.items() if by_name[page]["ratio"] < least]
    assert [page for page in pages.TARGETS if f"{page}: " in ended.stderr] == missed
    assert ended.returncode == bool(missed or any(found["whole"][page] for page in pages.INDEXED))


@pytest.mark.slow
def test_two_versions_answer_the_same_requests_in_turns(manage):
    ended = manage("benchmark", "pages", "--against", "HEAD", *TINY, "--json", timeout=TIMEOUT_SECONDS)
    found = json.loads(ended.stdout)
    assert [page["name"] for page in found["pages"]] == requests.NAMES
    for page in found["pages"]:
        assert len(page["before"]) == len(page["after"]) >= 9
        assert all(cost["worker_ms"] > 0 for cost in (*page["before"], *page["after"]))
        expected = STATEMENTS.get(page["name"], page["statements_after"])
        assert page["statements_after"] == expected
    assert ended.returncode == bool(found["misses"])
    for miss in found["misses"]:
        assert miss in ended.stderr
    others = subprocess.run(["git", "worktree", "list"], cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert "chatsite-benchmark-" not in others.stdout


@pytest.mark.parametrize("commit", ["0123abc", "no-such-branch", "--help"])
def test_an_unknown_commit_is_reported_in_one_line(manage, commit):
    ended = manage("benchmark", "pages", f"--against={commit}")
    [line] = ended.stderr.splitlines()
    assert f"git finds no commit {commit} in" in line
    assert "needs a clone of the repository with its history" in line
    assert ended.returncode == 1


def test_only_pages_can_be_compared(manage):
    ended = manage("benchmark", "--against", "HEAD")
    assert ended.stderr == "CommandError: only pages can be compared: benchmark pages --against COMMIT\n"
    assert ended.returncode == 1


@pytest.mark.slow
def test_a_start_is_measured_with_its_memory(manage):
    ended = manage("benchmark", "start", timeout=TIMEOUT_SECONDS)
    assert ended.returncode == 0, ended.stderr
    for words in ("first start s", "start s", "idle worker mb"):
        assert words in ended.stdout


def test_pages_that_are_slow_or_read_a_large_table_as_a_whole_are_misses():
    slow = pages.Page("conversation", 10, 0.24999, 1, 1, 1, 1, 4, 1000)
    quick = pages.Page("inbox", 1000, 0.9, 1, 1, 1, 1, 2, 1000)
    found = pages.Pages(1000, 100, [slow, quick], {"conversation": [], "inbox": ["messages"]})
    assert found.misses == ["conversation: 0.24999 of the bare page, not 0.25", "inbox: reads whole tables (messages)"]


def test_processor_time_of_a_process_is_read_and_does_not_grow_while_it_waits(started):
    pid = started(BURN)
    used = cpu.seconds_of(pid)
    assert 0.3 <= used < 3
    assert cpu.seconds_of(pid) == pytest.approx(used, abs=0.05)


def test_processor_time_of_children_counts_even_after_they_have_ended(started):
    idle = started("")
    parent = started(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BURN!r}])")
    assert cpu.seconds_of(parent) < 0.3
    assert cpu.seconds_of_postgres(psutil.Process(parent)) >= 0.3 > cpu.seconds_of_postgres(psutil.Process(idle))


def test_a_process_that_has_ended_counts_for_nothing():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert cpu.seconds_of(process.pid) == 0
