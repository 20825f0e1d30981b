"""A made-up Slack export with every feature of real ones, and helpers to import it."""

import json
import re
import zipfile
from io import StringIO

from django.core.management import call_command

from conversations.models import Conversation


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


def write(path, **files):
    """Write the export to a zip, with some files replaced, or left out if None."""
    with zipfile.ZipFile(path, "w") as target:
        for name, content in (EXPORT | {name.replace("__", "/"): each for name, each in files.items()}).items():
            if content is not None:
                target.writestr(name, content if isinstance(content, str) else json.dumps(content))
    return path


def run(path, *arguments):
    out = StringIO()
    call_command("import_slack", str(path), *arguments, stdout=out)
    return out.getvalue()


def numbers(report):
    read, imported, skipped = re.search(r"(\d+) records read = (\d+) imported .* \+ (\d+) skipped", report).groups()
    return int(read), int(imported), int(skipped)


def contents(title):
    return [each.content for each in Conversation.objects.get(title=title).messages.oldest_first()]
