"""Jobs are rows: stored after the commit, listed, retried, and deleted after a week."""

from datetime import timedelta
from importlib.resources import files

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.tasks import task
from django.tasks.exceptions import InvalidTask
from django.utils import timezone

from chatsite.jobs.jobs import delete_finished_jobs
from chatsite.jobs.models import Job, JobError
from chatsite.jobs.running import make_app
from chatsite.jobs.tending import TEND, VALUES
from chatsite.tests.upgrading.databases import django_on, psql, schema, scratch

DONE = []
TICK = """
SELECT procrastinate_defer_periodic_job_v2(%(queue)s, %(lock)s, %(queueing_lock)s, %(name)s, 0, '', %(due)s, '{}')
"""
FETCH = "SELECT id FROM procrastinate_fetch_job_v2(ARRAY['default'], NULL)"


@task
def greet(name, *, politely=False):
    DONE.append((name, politely))


@task(queue_name="heavy", priority=7)
def carry(weight): ...


@pytest.fixture
def failed(run_jobs, django_capture_on_commit_callbacks):
    """A job that has failed permanently."""
    with django_capture_on_commit_callbacks(execute=True):
        greet.enqueue("Ana")
    job = Job.objects.get()
    set_status(job, "doing")
    JobError.objects.store(job.pk, ValueError("no reason"))
    JobError.objects.store(job.pk, OSError("out of stamps"))
    set_status(job, "failed")
    return job


def set_status(job, status):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [status, job.pk])


@pytest.mark.django_db(transaction=True)
def test_a_job_is_stored_when_its_transaction_has_committed(run_jobs):
    with transaction.atomic():
        result = greet.enqueue("Ana", politely=True)
        assert not Job.objects.exists()
        assert not result.id
    job = Job.objects.get()
    assert result.id == str(job.pk)
    assert (job.arguments, job.options) == (["Ana"], {"politely": True})
    assert job.task_name == "chatsite.jobs.tests.test_backend.greet"
    assert (job.queue_name, job.status, job.attempts) == ("default", Job.Status.WAITING, 0)


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_transaction_that_is_rolled_back_is_never_stored(run_jobs):
    with transaction.atomic():
        greet.enqueue("Ana")
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    greet.enqueue("Ben")
    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_job_has_a_queue_a_priority_and_a_time(run_jobs):
    later = timezone.now() + timedelta(hours=1)
    carry.using(run_after=later).enqueue(5)
    job = Job.objects.get()
    assert (job.queue_name, job.scheduled_at) == ("heavy", later)


def test_a_task_that_takes_its_context_is_refused():
    with pytest.raises(InvalidTask, match="context"):
        task(takes_context=True)(context_user)


def context_user(context): ...


@pytest.mark.django_db(transaction=True)
def test_waiting_jobs_run_when_a_test_calls_run_jobs(run_jobs):
    greet.enqueue("Zoe")
    assert ("Zoe", False) not in DONE
    assert run_jobs() == 1
    assert ("Zoe", False) in DONE
    assert run_jobs() == 0


def test_the_command_lists_jobs_with_their_age_and_error(failed, capsys):
    call_command("jobs")
    first, second = capsys.readouterr().out.splitlines()
    assert first.split()[:2] == [str(failed.pk), "failed"]
    assert "greet('Ana')" in first
    assert "for 0 s" in first
    assert second.strip() == "OSError: out of stamps"


def test_the_command_runs_failed_jobs_again(failed, capsys):
    with pytest.raises(CommandError, match="no failed job 0"):
        call_command("jobs", retry="0")
    with pytest.raises(CommandError, match="or: all"):
        call_command("jobs", retry="some")
    call_command("jobs", retry=str(failed.pk))
    assert "1 job will run again" in capsys.readouterr().out
    failed.refresh_from_db()
    assert (failed.status, failed.attempts) == (Job.Status.WAITING, 0)
    set_status(failed, "failed")
    call_command("jobs", retry="all")
    failed.refresh_from_db()
    assert failed.status == Job.Status.WAITING


def test_the_command_reports_that_there_are_no_jobs(run_jobs, capsys):
    call_command("jobs")
    assert "No job is waiting" in capsys.readouterr().out


@pytest.fixture
def ticks(run_jobs):
    """A job of the clock that runs in a process that was killed, and its next run, which waits."""
    known = make_app(with_clock=True).tasks[delete_finished_jobs.module_path]
    values = {name: getattr(known, name) for name in ("queue", "lock", "queueing_lock", "name")}
    with connection.cursor() as cursor:
        cursor.execute(TICK, {**values, "due": 3600})
        cursor.execute(FETCH)
        cursor.execute(TICK, {**values, "due": 7200})
        cursor.execute(FETCH)
        assert cursor.fetchone() == (None,), "one at a time"
    return list(Job.objects.order_by("pk"))


def test_a_job_of_the_clock_runs_again_after_its_process_was_killed_though_the_next_one_waits(ticks):
    assert [job.status for job in ticks] == [Job.Status.RUNNING, Job.Status.WAITING]
    with connection.cursor() as cursor:
        cursor.execute(TEND, VALUES)
        assert cursor.fetchone() == (1, False)
        cursor.execute(FETCH)
        assert cursor.fetchone() == (ticks[0].pk,), "the earlier one first"


def test_all_failed_runs_of_a_job_of_the_clock_can_run_again(ticks, capsys):
    set_status(ticks[0], "failed")
    set_status(ticks[1], "doing")
    set_status(ticks[1], "failed")
    call_command("jobs", retry="all")
    assert "2 jobs will run again" in capsys.readouterr().out


def test_finished_jobs_are_deleted_after_seven_days(failed):
    assert Job.objects.delete_finished() == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '7 days 1 minute'")
    set_status(failed, "doing")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '7 days 1 minute'")
    assert Job.objects.delete_finished() == 0, "it runs"
    set_status(failed, "failed")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '7 days 1 minute'")
    assert Job.objects.delete_finished() == 1
    assert not JobError.objects.exists()


def test_jobs_are_a_detail_of_readyz_and_never_its_status(failed, client):
    page = client.get("/readyz")
    assert page.status_code == 200
    assert page.content.decode().splitlines()[:2] == ["ok", "jobs: waiting 0, running 0, failed 1, workers 0"]


def test_readyz_does_not_count_jobs_for_strangers_who_could_tell_by_them_which_address_gets_mail(failed, client):
    page = client.get("/readyz", REMOTE_ADDR="192.0.2.7")
    assert (page.status_code, page.content.decode()) == (200, "ok\n")


def test_readyz_answers_although_jobs_cannot_be_counted(run_jobs, client, monkeypatch):
    monkeypatch.setattr("chatsite.jobs.models.COUNT", "SELECT count(*) FROM no_such_table")
    page = client.get("/readyz")
    assert page.status_code == 200
    assert page.content.decode().splitlines()[:2] == ["ok", "jobs: not known"]


def test_our_migration_makes_what_the_installed_procrastinate_expects(django_db_setup, django_db_blocker):
    theirs = (files("procrastinate") / "sql" / "schema.sql").read_text("utf-8")
    with scratch("ours") as ours, scratch("theirs") as other, django_db_blocker.unblock(), django_on(ours):
        call_command("migrate", "jobs", verbosity=0)
        psql(other, theirs)
        expected = of_procrastinate(schema(other))
        assert len(expected) > 60
        assert of_procrastinate(schema(ours)) == expected


def of_procrastinate(lines):
    """Select the lines that describe procrastinate's objects, without our own tables between them."""
    text = "\n".join(lines)
    return [each for each in text.split(";\n") if "procrastinate" in each and "job_errors" not in each]
