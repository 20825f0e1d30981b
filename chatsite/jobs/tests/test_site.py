"""Jobs on a running site: which process runs them, and what happens to them when a process ends or is killed."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from chatsite.jobs.tests.conftest import SETTINGS
from chatsite.trials.client.site import SECONDS_TO_WAIT, WORKER, environment, wait_for


def test_light_jobs_run_in_a_web_process_and_heavy_ones_in_a_niced_one_that_ends(jobs_on, site):
    with jobs_on() as jobs:
        [web] = site.processes(WORKER)
        jobs.enqueue("heavy", "piano", queue="heavy")
        jobs.enqueue("light", "flute")
        [(_, pid, niceness)] = jobs.wait_for("flute")
        assert pid == web
        [(_, pid, other)] = jobs.wait_for("piano", "ended")
        assert pid != web
        assert other == min(niceness + 10, 19)
        wait_for(lambda: not site.processes("--heavy"))


def test_a_failed_job_reports_its_error_and_runs_again(jobs_on, site, manage):
    with jobs_on() as jobs:
        number = jobs.enqueue("fails", "bread")
        jobs.wait_for("bread")
        done = manage("jobs", **site.variables, **SETTINGS)
        assert "ValueError: no bread today" in done.stdout
        first, second = (at for at, *_ in jobs.wait_for("bread", count=2)[:2])
        assert 9 < second - first < SECONDS_TO_WAIT
        wait_for(lambda: jobs.status(number) == "failed")  # retried after 10 seconds, not after 20 more
        # Ticks may wait: as they run one at a time, each of them starts with the next notification.
        assert re.search(r"^jobs: waiting \d+, running \d+, failed 1,", site.get("/readyz")[1], re.MULTILINE)


def test_each_job_and_each_periodic_task_runs_once_across_all_processes(jobs_on, site):
    with jobs_on(WORKERS="2") as jobs:
        for number in range(40):
            jobs.enqueue("light", f"job {number}", 0.1)
        for number in range(40):
            jobs.wait_for(f"job {number}", "ended")
        assert [len(jobs.notes(f"job {number}")) for number in range(40)] == [1] * 40
        assert len({jobs.notes(f"job {number}")[0][1] for number in range(40)}) == 2, "both processes take jobs"
        jobs.wait_for("tick", count=4)
        ticks = "SELECT count(*), count(DISTINCT args) FROM procrastinate_jobs WHERE task_name LIKE '%ticks'"
        [(total, different)] = jobs.database.execute(ticks)
        assert total == different > 2


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["light", "heavy"])
def test_a_killed_process_has_its_job_run_again_within_a_minute(jobs_on, site, kind, request):
    with jobs_on() as jobs:
        jobs.enqueue(kind, "song", 30, queue="heavy" if kind == "heavy" else "default")
        [(_, pid, _)] = jobs.wait_for("song")
        os.kill(pid, signal.SIGKILL)
        killed = time.time()
        *_, (again, other, _) = jobs.wait_for("song", count=2)
        assert other != pid
        request.config.get_terminal_writer().line(f"\n{kind}: SIGKILL, again after {again - killed:.1f} s")
        assert again - killed < SECONDS_TO_WAIT


@pytest.mark.slow
def test_heavy_jobs_of_a_killed_web_process_are_handed_back(jobs_on, site, request):
    with jobs_on() as jobs:
        [web] = site.processes(WORKER)
        jobs.enqueue("heavy", "opera", 60, queue="heavy")
        [(_, pid, _)] = jobs.wait_for("opera")
        os.kill(web, signal.SIGKILL)
        killed = time.time()
        wait_for(lambda: pid not in site.processes("--heavy"))
        request.config.get_terminal_writer().line(f"\nits heavy process ends after {time.time() - killed:.1f} s")
        *_, (again, other, _) = jobs.wait_for("opera", count=2)
        request.config.get_terminal_writer().line(f"again after {again - killed:.1f} s")
        assert other != pid
        assert again - killed < SECONDS_TO_WAIT


def test_sigterm_lets_short_jobs_finish_and_hands_long_ones_back(jobs_on, site):
    with jobs_on() as jobs:
        long = jobs.enqueue("light", "long", 300)
        short = jobs.enqueue("light", "short", 2)
        jobs.wait_for("long")
        jobs.wait_for("short")
        with site.database() as database:  # which keeps running while the site stops
            [web] = site.processes(WORKER)
            os.kill(web, signal.SIGTERM)
            wait_for(lambda: web not in site.processes(WORKER))
            found = dict(
                database.execute("SELECT id, status::text FROM procrastinate_jobs WHERE id = ANY(%s)", [[long, short]])
            )
            assert found == {long: "todo", short: "succeeded"}


def test_a_separate_worker_runs_jobs_when_web_processes_run_none(jobs_on, site):
    with jobs_on(JOBS="off") as jobs:
        jobs.enqueue("light", "flute")
        jobs.enqueue("heavy", "piano", queue="heavy")
        command = [sys.executable, "manage.py", "worker"]
        variables = environment(**site.variables, **SETTINGS)
        with subprocess.Popen(command, cwd=site.code, env=variables, start_new_session=True) as worker:
            [(_, pid, _)] = jobs.wait_for("flute")
            assert pid == worker.pid
            jobs.wait_for("piano", "ended")
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(SECONDS_TO_WAIT) == 0


def test_jobs_continue_after_the_database_was_unavailable(jobs_on, site):
    with jobs_on() as jobs:
        ended = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND client_port = -1"
        )
        jobs.database.execute(ended)
        jobs.enqueue("light", "flute")
        jobs.wait_for("flute")
        assert "Traceback" not in site.log.read_text()
