"""The four queries on the command line."""

import csv
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from conversations.tests.factories import history, say


def run(*arguments):
    out = StringIO()
    call_command(*map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.fixture
def said(world):
    say(world.plans, world.ana, "first", "second, *with* commas")
    history(world.town, world.ben, ["2026-05-03T22:30Z"])
    User.objects.filter(username="olga").update(created_at="2020-01-01T00:00Z")
    return world


def commands(world):
    return {
        "last_messages": [world.plans.pk],
        "inbox": ["ben"],
        "message_counts": ["--since", "2026-05-01", "--until", "2026-05-07", "--timezone", "Europe/Amsterdam"],
        "silent_users": ["--days", "30"],
    }


EXPECTED = {
    "last_messages": {"sender": "Ana Lima", "content": "second, *with* commas"},
    "inbox": {"conversation": "Plans", "unread": "2", "sender": "Ana Lima", "last_message": "second, with commas"},
    "message_counts": {"day": "2026-05-04", "username": "ben", "messages": 1},
    "silent_users": {"username": "ben", "last_wrote": "2026-05-03T22:30:00+00:00"},
}


@pytest.mark.parametrize("command", EXPECTED)
def test_each_command_prints_its_rows_as_json_csv_and_table(said, command):
    arguments = commands(said)[command]
    first = json.loads(run(command, *arguments, "--format", "json"))[0]
    assert {name: first[name] for name in EXPECTED[command]} == EXPECTED[command]
    [row, *_] = csv.DictReader(StringIO(run(command, *arguments, "--format", "csv")))
    assert row == {name: "" if value is None else str(value) for name, value in first.items()}
    assert all(name[:3] in run(command, *arguments) for name in first), "a narrow table shortens its headings"


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1+1", "＋1", "－1", "＠a"])
def test_a_spreadsheet_runs_nothing_of_what_people_wrote(world, words):
    say(world.plans, world.ana, words)
    User.objects.filter(pk=world.ana.pk).update(display_name=words)
    [row, *_] = csv.DictReader(StringIO(run("last_messages", world.plans.pk, "--format", "csv")))
    assert row["content"] == f"'{words}"
    assert row["sender"] == f"'{words}"
    first = json.loads(run("last_messages", world.plans.pk, "--format", "json"))[0]
    assert first["content"] == words, "only a spreadsheet would run it"


@pytest.mark.parametrize("command", EXPECTED)
def test_each_command_explains_its_query(said, command):
    text = run(command, *commands(said)[command], "--explain")
    assert text.startswith("SELECT ")
    assert "Buffers: shared" in text
    assert "actual time" in text
    assert "%s" not in text


@pytest.mark.parametrize(
    "arguments",
    [
        ["last_messages", 10**9],
        ["inbox", "nobody"],
        ["message_counts", "--since", "yesterday"],
        ["message_counts", "--timezone", "Mars/Olympus"],
        ["message_counts", "--since", "0001-01-01", "--until", "9999-12-31"],
        ["message_counts", "--since", "2026-05-02", "--until", "2026-05-01"],
        ["silent_users", "--days", 0],
    ],
)
def test_invalid_arguments_end_with_a_one_line_error(world, arguments):
    with pytest.raises(CommandError) as error:
        run(*arguments)
    assert "\n" not in str(error.value)
