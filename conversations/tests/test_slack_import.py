"""Importing from Slack: invented exports with everything that genuine ones have, and genuine ones where they are."""

import json
import re
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.tests.factories import UserFactory
from conversations.models import Conversation, Membership, Message

ARCHIVES = Path(settings.BASE_DIR).parent / "shared" / "data"


def person(slack_id, name, **more):
    profile = {"email": f"{name}@slack.example", "real_name": name.title()}
    return {"id": slack_id, "name": name, "profile": profile, "tz": "Europe/Amsterdam"} | more


def message(ts, user="U1", text="hello", **more):
    return {"type": "message", "ts": ts, "user": user, "text": text} | more


EXPORT = {
    "users.json": [
        person("U1", "ana"),
        person("U2", "ben", tz="Mars/Olympus"),
        person("U3", "cyd", deleted=True),
        person("U4", "Ána!", profile={}),
    ],
    "channels.json": [
        {"id": "C1", "name": "general", "created": 1700000000, "creator": "U1", "members": ["U1", "U2", "U9"]}
        | {"topic": {"value": "All &amp; <http://a.example|more>"}},
        {"id": "C2", "name": "上海", "created": 1700000000, "members": [], "is_archived": True},
    ],
    "groups.json": [{"id": "G1", "name": "board", "created": 1700000000, "members": ["U1", "U3"]}],
    "dms.json": [{"id": "D1", "created": 1700000000, "members": ["U1", "U2"]}],
    "mpims.json": [{"id": "G2", "name": "mpdm-x", "created": 1700000000, "members": ["U1", "U2", "U3"]}],
    "general/2023-11-14.json": [
        message("1700000003.000100", text="second"),
        message("1700000001.000200", text="first by <@U2>"),
        message("1700000001.000200", text="first by <@U2>"),
        message("1700000004.000000", "U2", "<@U2> has joined the channel", subtype="channel_join"),
        message("1700000005.000000", "U404", "who?", user_profile={"real_name": "Guest Star"}),
        message("1700000006.000000", "USLACKBOT", "beep"),
        message("1700000007.000000", None, "", subtype="bot_message", bot_id="B1", username="Deploy Bot")
        | {"attachments": [{"title": "Build 7", "title_link": "http://ci.example/7", "text": "*green*"}]},
        message(
            "1700000008.000000", text="", blocks=[{"type": "rich_text", "elements": [{"type": "rich_text_section"}]}]
        ),
        message("1700000009.000000", text="", files=[{"mode": "hidden_by_limit"}, {"name": "a.png"}]),
        message("1700000010.000000", text="old", subtype="tombstone"),
        message("1700000011.000000", text="nul \0 and half \ud83d"),
        message("1700000012.000000", text="in thread", thread_ts="1700000001.000200", subtype="thread_broadcast")
        | {"root": message("1700000001.000200")},
        message(
            "1700000013.000000",
            text="",
            blocks=[
                {
                    "type": "rich_text",
                    "elements": [
                        {
                            "type": "rich_text_section",
                            "elements": [
                                {"type": "text", "text": "from blocks "},
                                {"type": "user", "user_id": "U1"},
                            ],
                        }
                    ],
                },
            ],
        ),
        message("1700000014.000000", text="liked", reactions=[{"name": "+1", "users": ["U1", "U77"], "count": 2}]),
        {"type": "huddle", "ts": "1"},
        message("soon"),
        "not a record",
    ],
    "general/canvas_in_the_conversation.json": {"id": "F1"},
    "上海/2023-11-14.json": [message("1700000500.000000", text="你好")],
    "board/2023-11-14.json": [message("1700000001.000200", text="secret of the board <#C1> <#G1|board>")],
    "D1/2023-11-14.json": [message("1700000001.000200", "U2", "direct")],
    "lost/2023-11-14.json": [message("1700000002.000000", "U2", "found again")],
}


@pytest.fixture
def archive(tmp_path):
    """Write an export and return its path: `archive()`, or with some files replaced."""

    def write(**files):
        path = tmp_path / "export.zip"
        with zipfile.ZipFile(path, "w") as target:
            for name, content in (EXPORT | {name.replace("__", "/"): each for name, each in files.items()}).items():
                if content is not None:
                    target.writestr(name, content if isinstance(content, str) else json.dumps(content))
        return path

    return write


def run(path, *arguments):
    out = StringIO()
    call_command("import_slack", str(path), *arguments, stdout=out)
    return out.getvalue()


def numbers(report):
    read, imported, skipped = re.search(r"(\d+) records read = (\d+) imported .* \+ (\d+) skipped", report).groups()
    return int(read), int(imported), int(skipped)


def contents(title):
    return [each.content for each in Conversation.objects.get(title=title).messages.oldest_first()]


@pytest.mark.django_db
def test_everything_that_can_be_brought_in_is_and_the_rest_is_accounted_for(archive):
    report = run(archive())
    read, imported, skipped = numbers(report)
    assert (read, imported, skipped) == (21, 15, 6)
    assert "(14 messages, 1 system lines)" in report
    for line in (
        "skipped 1: deleted in Slack",
        "skipped 2: not a message",
        "skipped 1: no words",
        "skipped 1: already here, or twice in the archive",
        "not imported: 2 reactions",
        "could not read 'general/canvas_in_the_conversation.json': it is not a day of messages",
    ):
        assert line in report


@pytest.mark.django_db
def test_words_come_from_wherever_slack_has_put_them(archive):
    run(archive())
    assert contents("general") == [
        "first by @ben",
        "second",
        "@ben has joined the channel",
        "who?",
        "beep",
        "[Build 7](<http://ci.example/7>)\n**green**",
        "File: no longer in Slack\nFile: a.png",
        "nul  and half ?",
        "in thread",
        "from blocks @ana",
        "liked",
    ]
    assert contents("上海") == ["你好"]
    general = Conversation.objects.get(title="general")
    assert contents("board") == [f"secret of the board [#general](/c/{general.pk}/) #private"]
    assert general.topic == "All & more"
    assert general.messages.get(is_system=True).user is None


@pytest.mark.django_db
def test_people_come_with_name_and_time_zone_and_can_not_sign_in(archive):
    run(archive())
    ana, ben = User.objects.get(username="ana"), User.objects.get(username="ben")
    assert (ana.name, ana.email, ana.time_zone, ana.is_active) == ("Ana", "ana@slack.example", "Europe/Amsterdam", True)
    assert ben.time_zone == "UTC"
    assert not ana.has_usable_password()
    inactive = set(User.objects.filter(is_active=False).values_list("username", flat=True))
    assert inactive == {"cyd", "guest-star", "slackbot", "deploy-bot"}
    assert User.objects.filter(username="na").exists(), "a name that we can't have becomes one that we can"


@pytest.mark.django_db
def test_conversations_keep_their_kind_and_people(archive):
    run(archive())
    found = {
        conversation.title or conversation.direct_key: (conversation.kind, conversation.members.count())
        for conversation in Conversation.objects.all()
    }
    keys = [
        ":".join(str(User.objects.get(origin=f"slack:{each}").pk) for each in group)
        for group in (["U1", "U2"], ["U1", "U2", "U3"])
    ]
    assert found == {
        "general": ("open", 2),
        "上海": ("open", 0),
        "board": ("private", 2),
        keys[0]: ("direct", 2),
        keys[1]: ("direct", 3),
        "lost": ("private", 1),
    }
    archived = Conversation.objects.get(archived_at__isnull=False)
    assert archived.archived_at == archived.last_message_at


@pytest.mark.django_db
def test_running_it_twice_changes_nothing(archive):
    run(archive())

    def everything():
        return [list(model.objects.order_by("pk").values()) for model in (User, Conversation, Membership, Message)]

    before = everything()
    assert numbers(run(archive()))[1] == 0
    assert everything() == before


@pytest.mark.django_db
def test_a_later_export_brings_in_what_is_new_also_of_a_renamed_channel(archive):
    run(archive())
    board = Conversation.objects.get(title="board")
    board.leave(User.objects.get(username="ana"))
    first, *others = EXPORT["channels.json"]
    renamed = {"channels.json": [first | {"name": "town"}, *others], "general__2023-11-14.json": None}
    later = archive(**renamed, **{"town__2023-11-15.json": [message("1700090000.000000", text="new")]})
    assert numbers(run(later))[1] == 1
    assert contents("general")[-1] == "new"
    assert not board.members.filter(username="ana").exists(), "who has left stays away"


@pytest.mark.django_db
def test_the_last_message_and_the_revision_follow(archive):
    run(archive())
    general = Conversation.objects.get(title="general")
    newest = general.messages.newest_first().first()
    assert (general.last_message_id, general.last_message_at) == (newest.pk, newest.created_at)
    assert general.revision == 11
    assert [each.revision for each in general.messages.oldest_first()] == list(range(1, 12))


@pytest.mark.django_db
def test_an_address_that_somebody_has_here_gives_them_nothing_unless_asked_for(archive):
    stranger = UserFactory(username="stranger", email="ana@slack.example")
    assert "1 people have the e-mail address of an account here" in run(archive())
    assert not stranger.conversations.exists()
    assert User.objects.get(origin="slack:U1") != stranger


@pytest.mark.django_db
def test_accounts_with_the_same_address_are_joined_when_asked_for(archive):
    mine = UserFactory(username="anita", email="ana@slack.example")
    run(archive(), "--match-email")
    assert Message.objects.filter(user=mine).exists()
    assert mine.conversations.filter(title="board").exists()
    assert "first by @ben" in contents("general")


@pytest.mark.django_db
def test_the_owners_account_is_still_to_be_made_after_an_import(archive, client):
    run(archive())
    client.post(
        "/accounts/signup/", {"username": "boss", "email": "boss@example.org", "password": "correct horse battery"}
    )
    assert User.objects.get(username="boss").role == User.Role.OWNER


@pytest.mark.django_db
def test_a_broken_day_is_named_with_its_line_and_the_others_come_in(archive):
    report = run(archive(**{"board__2023-11-14.json": '[\n{"type": "message",\n}]'}))
    assert re.search(r"could not read 'board/2023-11-14.json': .* line 2", report)
    assert contents("board") == []
    assert contents("上海") == ["你好"]


@pytest.mark.django_db
@pytest.mark.parametrize("content", [None, b"", b"not a zip", "other.zip"])
def test_what_is_no_export_ends_in_one_line(tmp_path, content):
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
def test_values_of_other_types_than_slacks_are_no_obstacle(archive, junk):
    """A record each with junk in one of its fields: all are read, and each is imported or skipped."""
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
def test_a_time_that_can_not_be_breaks_no_page(archive, as_, ts):
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
def test_a_day_that_is_nested_without_end_is_named(archive):
    report = run(archive(**{"board__2023-11-14.json": "[" * 200_000}))
    assert "could not read 'board/2023-11-14.json'" in report


@pytest.mark.django_db
def test_joining_by_address_after_an_import_without_changes_nothing(archive):
    UserFactory(email="ana@slack.example")
    run(archive())
    assert numbers(run(archive(), "--match-email"))[1] == 0


GENUINE = [
    ("slack-houstondatavis/houstondatavis_2016-07-31.zip", "slack-houstondatavis/ORACLE.json"),
    ("slack-small/slack-export-viewer_testarchive.zip", "slack-small/ORACLE.json"),
    ("slack-small/zulip_test_slack_importer.zip", "slack-small/ORACLE.json"),
]


@pytest.mark.django_db
@pytest.mark.skipif(not ARCHIVES.exists(), reason="the genuine archives of ../shared/data are not on this machine")
@pytest.mark.parametrize(("file", "oracle"), GENUINE)
def test_genuine_exports_come_in_completely(file, oracle):
    expected = json.loads((ARCHIVES / oracle).read_text())[Path(file).name]
    report = run(ARCHIVES / file)
    total = expected["messages"]["records"]
    assert numbers(report) == (total, total, 0)
    derived = expected["derived"]
    assert f"({derived['content_messages']} messages, {derived['system_messages']} system lines)" in report
    assert User.objects.exclude(username="slackbot").filter(email__contains="@").count() >= expected["users"]["total"]
    channels = expected["conversations"]["channels"]
    assert Conversation.objects.count() == channels["total"]
    assert Conversation.objects.filter(archived_at__isnull=False).count() == channels["archived"]
    assert Membership.objects.count() == channels["memberships"]
    by_channel = {each.title: each.messages.count() for each in Conversation.objects.all()}
    assert by_channel == expected["messages"]["by_channel"]
    assert numbers(run(ARCHIVES / file)) == (total, 0, total)


@pytest.mark.django_db
@pytest.mark.skipif(not ARCHIVES.exists(), reason="the genuine archives of ../shared/data are not on this machine")
def test_after_an_import_anyone_finds_its_conversations_to_browse(as_):
    run(ARCHIVES / GENUINE[0][0])
    page = as_(UserFactory()).get("/c/browse/").content.decode()
    assert page.count("<li>") == 16
    assert page.count(">archived<") == 9
