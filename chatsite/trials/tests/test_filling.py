"""The benchmark's workspace resembles real ones: how often people react, reply, attach, edit and pin."""

import random
from collections import Counter

import pytest

from chatsite.trials.benchmark.filling import rates
from chatsite.trials.benchmark.filling.messages import BEGAN, MAX_PINS, NULL, TABLES, Messages
from chatsite.trials.benchmark.filling.size import ACTIVE, BUSY, CALM, CONVERSATIONS_OF, GUEST, USUAL, Size
from chatsite.trials.benchmark.filling.workspace import choose_members

MANY = 60_000


def generate(messages):
    """Generate a workspace; return its members by conversation, and its rows as dictionaries by table."""
    size, rng = Size(messages), random.Random(7)
    members = choose_members(size, rng)
    rows = {table: [] for table in TABLES}
    for chunk in Messages(size, members, rng).chunks():
        for table, lines in chunk.items():
            names = TABLES[table].split(", ")
            rows[table] += [dict(zip(names, line[:-1].split("\t"), strict=True)) for line in lines]
    return members, rows


@pytest.fixture(scope="module")
def workspace():
    return generate(MANY)


@pytest.fixture(scope="module")
def rows(workspace):
    return workspace[1]


def ids(rows, table, name="message_id"):
    return {row[name] for row in rows[table]}


def shares(rows):
    replies = [row for row in rows["messages"] if row["reply_to_id"] != NULL]
    found = {
        rates.REACTED: ids(rows, "message_reactions"),
        rates.WITH_FILE: rows["attachments"],
        rates.EDITED: rows["message_earlier_texts"],
        rates.PINNED: rows["pins"],
        rates.REPLIES: replies,
    }
    return [(share, len(each) / len(rows["messages"])) for share, each in found.items()]


def test_messages_have_reactions_files_and_so_on_as_often_as_real_ones(rows):
    assert len(rows["messages"]) == MANY
    for expected, share in shares(rows):
        assert share == pytest.approx(expected, rel=0.15)
    given = len(rows["message_reactions"]) / len(ids(rows, "message_reactions"))
    assert given == pytest.approx(198 / 88, rel=0.1)


def test_about_one_message_in_seven_has_a_reaction_or_a_file(rows):
    share = len(ids(rows, "message_reactions") | ids(rows, "attachments")) / MANY
    assert share == pytest.approx(1 / 7, abs=0.02)


def test_exactly_the_messages_with_extras_are_marked(rows):
    with_extras = ids(rows, "message_reactions") | ids(rows, "attachments") | ids(rows, "pins")
    replies = [row for row in rows["messages"] if row["reply_to_id"] != NULL]
    with_extras |= {row["id"] for row in replies} | {row["thread_id"] for row in replies}
    marked = {row["id"] for row in rows["messages"] if row["has_extras"] == "t"}
    assert MANY / 7 < len(with_extras) < MANY / 4
    assert marked == with_extras


def test_a_reply_is_to_an_earlier_message_of_its_conversation_and_thread(rows):
    by_id = {row["id"]: row for row in rows["messages"]}
    replies = [row for row in rows["messages"] if row["reply_to_id"] != NULL]
    for row in replies:
        answered, first = by_id[row["reply_to_id"]], by_id[row["thread_id"]]
        assert int(first["id"]) <= int(answered["id"]) < int(row["id"])
        assert row["conversation_id"] == answered["conversation_id"] == first["conversation_id"]
        assert first["thread_id"] == NULL
        assert answered["thread_id"] in (NULL, row["thread_id"])
    assert len(replies) / len({row["thread_id"] for row in replies}) == pytest.approx(7 / 5, rel=0.15)


def test_only_members_react_and_once_with_each_emoji(workspace):
    members, rows = workspace
    conversation = {row["id"]: int(row["conversation_id"]) for row in rows["messages"]}
    keys = Counter((row["message_id"], row["emoji"], row["user_id"]) for row in rows["message_reactions"])
    assert set(keys.values()) == {1}
    assert all(int(person) in members[conversation[message] - 1] for message, _, person in keys)
    kinds = len({(message, emoji) for message, emoji, _ in keys}) / len(ids(rows, "message_reactions"))
    assert kinds == pytest.approx(118 / 88, rel=0.1)


def test_edited_messages_have_an_earlier_text_and_files_have_a_name_to_search(rows):
    edited = {row["id"] for row in rows["messages"] if row["edited_at"] != NULL}
    assert edited == ids(rows, "message_earlier_texts")
    names = {row["message_id"]: row["name"] for row in rows["attachments"]}
    assert {row["id"]: row["file_names"] for row in rows["messages"] if row["file_names"]} == names
    assert len({row["key"] for row in rows["attachments"]}) == len(names)
    pictures = [row for row in rows["attachments"] if row["width"] != NULL]
    assert len(pictures) / len(names) == pytest.approx(rates.PICTURES, rel=0.1)


def test_no_conversation_has_more_pins_than_the_site_allows():
    size = Size(100)
    messages = Messages(size, choose_members(size, random.Random(7)), random.Random(7))
    messages.lines = {table: [] for table in TABLES}
    messages.rng.random = lambda: 0
    pinned = [messages.pin(number, 1, 7, BEGAN) for number in range(MAX_PINS + 5)]
    assert pinned == [True] * MAX_PINS + [False] * 5


@pytest.mark.parametrize(
    ("messages", "conversations"),
    [
        (100_000, {GUEST: 1, CALM: 50, USUAL: 200, ACTIVE: 1_000, BUSY: 1_000}),
        (1_000_000, {GUEST: 1, CALM: 50, USUAL: 200, ACTIVE: 1_000, BUSY: 5_000}),
    ],
)
def test_some_people_have_few_conversations_and_some_have_many(messages, conversations):
    members = choose_members(Size(messages), random.Random(7))
    assert {person: sum(person in theirs for theirs in members) for person in CONVERSATIONS_OF} == conversations
    assert all(len(theirs) == len(set(theirs)) for theirs in members)


def test_the_workspace_is_the_same_each_time():
    assert generate(3_000) == generate(3_000)
