"""Test jobs, which record when they ran and in which process."""

import os
import time
from datetime import timedelta

from django.db import connection
from django.tasks import task

from chatsite.jobs.declaring import every, retried

TABLE = """
CREATE TABLE notes (
    word text, step text, pid integer, nice integer, at timestamptz DEFAULT clock_timestamp()
)
"""


def note(word, step):
    with connection.cursor() as cursor:
        values = [word, step, os.getpid(), os.nice(0)]
        cursor.execute("INSERT INTO notes (word, step, pid, nice) VALUES (%s, %s, %s, %s)", values)


@task
def light(word, seconds=0):
    note(word, "begun")
    time.sleep(seconds)
    note(word, "ended")


@task(queue_name="heavy")
def heavy(word, seconds=0):
    light.func(word, seconds)


@retried(timedelta(seconds=15))
@task
def fails(word):
    note(word, "begun")
    raise ValueError(f"no {word} today")


@every("* * * * * */3")
@task
def ticks():
    note("tick", "begun")
