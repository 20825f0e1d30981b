"""Importing broken or hostile files, or files that are not Slack exports, ends with a report or a one-line error."""

import re
import zipfile

import pytest
from django.core.management import CommandError

from accounts.tests.factories import UserFactory
from conversations.models import Conversation
from conversations.transfer.slack.tests.export import EXPORT, contents, message, numbers, person, run


@pytest.mark.django_db
def test_a_broken_day_is_reported_with_its_line_and_the_others_are_imported(archive):
    report = run(archive(**{"board__2023-11-14.json": '[\n{"type": "message",\n}]'}))
    assert re.search(r"could not read 'board/2023-11-14.json': .* line 2", report)
    assert contents("board") == []
    assert contents("上海") == ["你好"]


@pytest.mark.django_db
@pytest.mark.parametrize("content", [None, b"", b"not a zip", "other.zip"])
def test_other_files_are_refused_with_a_one_line_error(tmp_path, content):
    path = tmp_path / "file.zip"
    if content == "other.zip":
        with zipfile.ZipFile(path, "w") as target:
            target.writestr("hello.txt", "hello")
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError) as error:
        run(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


JUNK = [None, 7, -1e400, "x" * 3000, "\0", [], {}, [[]], [{}], {"value": []}, True]


@pytest.mark.django_db
@pytest.mark.parametrize("junk", JUNK, ids=str)
def test_values_of_unexpected_types_do_not_stop_the_import(archive, junk):
    """One record for each field with junk in it: all are read, and each is imported or skipped."""
    fields = [
        "type",
        "subtype",
        "ts",
        "user",
        "bot_id",
        "username",
        "text",
        "blocks",
        "attachments",
        "files",
        "comment",
        "user_profile",
        "reactions",
    ]
    records = [message(f"17000{number:05}.000000") | {name: junk} for number, name in enumerate(fields)]
    records += [
        message(f"17001{number:05}.000000", text="") | {"blocks": [{"type": "rich_text_section", name: junk}]}
        for number, name in enumerate(("text", "fields", "elements", "type"))
    ]
    people = [
        person(f"U{number}", f"p{number}") | {name: junk} for number, name in enumerate(("name", "profile", "tz", "id"))
    ]
    channels = [
        {"id": f"C{number}", "name": f"c{number}", "members": ["U1"]} | {name: junk}
        for number, name in enumerate(("name", "members", "topic", "purpose", "created", "creator", "id"))
    ]
    report = run(archive(**{"users.json": people, "channels.json": channels, "c2__2023-11-14.json": records}))
    read, imported, skipped = numbers(report)
    assert read == imported + skipped >= len(records)
    assert imported >= 8


@pytest.mark.django_db
@pytest.mark.parametrize("ts", ["253402300799.999999", "-62135596800.000000", "9" * 20, "1e9", "4102444800.0"])
def test_impossible_times_do_not_break_pages(archive, as_, ts):
    report = run(
        archive(
            **{
                "general__2023-11-14.json": [message(ts)],
                "channels.json": [EXPORT["channels.json"][0] | {"created": int(float(ts))}, EXPORT["channels.json"][1]],
            }
        )
    )
    assert "skipped 1: " in report
    reader = UserFactory(time_zone="Pacific/Kiritimati")
    Conversation.objects.get(title="general").join(reader)
    assert as_(reader).get("/").status_code == as_(reader).get("/c/browse/").status_code == 200


@pytest.mark.django_db
def test_a_deeply_nested_day_is_reported(archive):
    report = run(archive(**{"board__2023-11-14.json": "[" * 200_000}))
    assert "could not read 'board/2023-11-14.json'" in report


@pytest.mark.django_db
def test_matching_accounts_by_email_after_a_first_import_changes_nothing(archive):
    UserFactory(email="ana@slack.example")
    run(archive())
    assert numbers(run(archive(), "--match-email"))[1] == 0
