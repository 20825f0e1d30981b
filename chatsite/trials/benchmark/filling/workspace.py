"""Fill an empty site with a workspace of two years: people, conversations and messages, by COPY.

The sizes of conversations and the activity of authors follow Zipf's law: a few are huge, most are small. The workspace
is the same each time. Its tables are those of release 0.1, and newer columns are the last ones of their rows, so that
any version can be filled.
"""

import random
from collections.abc import Callable

import psycopg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from chatsite.trials.benchmark.filling.messages import BEGAN, TABLES, Messages
from chatsite.trials.benchmark.filling.size import CONVERSATIONS_OF, GUEST, Size
from chatsite.trials.benchmark.filling.vocabulary import vocabulary

OPEN_EVERY = 20  # every 20th conversation is open, the others are private
WITH_SERIAL_ID = ("users", "conversations", "messages")


def fill_with_bar(server: psycopg.Connection, messages: int) -> None:
    """Fill the tables of an empty site, and show the progress."""
    console = Console(stderr=True)
    with Progress("Loading", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task("", total=messages)
        fill(server, messages, lambda more: bar.advance(task, more))


def fill(server: psycopg.Connection, messages: int, advance: Callable[[int], object]) -> None:
    """Fill the tables of a site without messages; call `advance` with the number of messages of each chunk."""
    size, rng = Size(messages), random.Random(7)
    server.execute("DELETE FROM conversations")  # the one that the first account began with
    server.execute("SET session_replication_role = replica")  # check no foreign keys: all rows are made here
    add_people(server, size)
    members = add_conversations(server, size, rng)
    indexes = server.execute(
        "SELECT indexname, indexdef FROM pg_indexes LEFT JOIN pg_constraint ON conname = indexname"
        " WHERE tablename = 'messages' AND conname IS NULL"
    ).fetchall()
    for name, _ in indexes:
        server.execute(f"DROP INDEX {name}")
    written = Messages(size, members, rng)
    columns = {table: known_columns(server, table) for table in TABLES}
    for chunk in written.chunks():
        for table, lines in chunk.items():
            with server.cursor().copy(f"COPY {table} ({', '.join(columns[table])}) FROM STDIN") as copy:
                for line in lines:
                    values = line.removesuffix("\n").split("\t")[: len(columns[table])]
                    copy.write("\t".join(values) + "\n")
        advance(len(chunk["messages"]))
    server.execute("SET maintenance_work_mem = '1GB'")
    for _, definition in indexes:
        server.execute(definition)
    finish(server, written)


def known_columns(server: psycopg.Connection, table: str) -> list[str]:
    """List the columns of a table that this version of the database has."""
    found = server.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
    known = {name for (name,) in found}
    return [name for name in TABLES[table].split(", ") if name in known]


def add_people(server: psycopg.Connection, size: Size) -> None:
    """Add people to those who have already signed up."""
    server.execute(
        "INSERT INTO users (id, username, email, password)"
        " SELECT n, 'person' || n, 'person' || n || '@example.org', '!' FROM generate_series(1, %s) n"
        " ON CONFLICT DO NOTHING",
        [size.people],
    )
    server.execute("UPDATE users SET role = CASE WHEN id = %s THEN 'guest' ELSE 'member' END", [GUEST])


def add_conversations(server: psycopg.Connection, size: Size, rng: random.Random) -> list[list[int]]:
    """Make conversations with their members; return the members of each, the most frequent authors first."""
    server.execute(
        "INSERT INTO conversations (id, title, kind) SELECT n, 'Conversation ' || n,"
        " CASE WHEN n %% %s = 0 THEN 'open' ELSE 'private' END FROM generate_series(1, %s) n",
        [OPEN_EVERY, size.conversations],
    )
    members = choose_members(size, rng)
    with server.cursor().copy("COPY conversation_members (conversation_id, user_id, last_read_at) FROM STDIN") as copy:
        for number, people in enumerate(members, 1):
            for person in people:
                copy.write_row((number, person, BEGAN))
    return members


def choose_members(size: Size, rng: random.Random) -> list[list[int]]:
    people = range(max(CONVERSATIONS_OF) + 1, size.people + 1)
    members = []
    for number in range(size.conversations):
        wanted = 4 + int(size.people / (number + 20))
        members.append(rng.sample(people, min(wanted, len(people))))
    for person in CONVERSATIONS_OF:
        # The guest's only conversation is not one of the large ones.
        possible = range(size.conversations // 2 if person == GUEST else 0, size.conversations)
        for number in rng.sample(possible, size.conversations_of(person)):
            members[number].append(person)
    return members


def finish(server: psycopg.Connection, written: Messages) -> None:
    """Store the last message of each conversation and the words for search, and let PostgreSQL analyse the tables."""
    server.execute(
        "CREATE TEMP TABLE newest (conversation bigint, message bigint, moment timestamptz, revision bigint)"
    )
    with server.cursor().copy("COPY newest FROM STDIN") as copy:
        for conversation, (message, moment) in written.newest.items():
            copy.write_row((conversation, message, moment, written.revisions[conversation]))
    server.execute(
        "UPDATE conversations SET last_message_id = message, last_message_at = moment, revision = newest.revision"
        " FROM newest WHERE id = newest.conversation"
    )
    with server.cursor().copy("COPY search_words FROM STDIN") as copy:
        for word in sorted(word for word in vocabulary()[0] if len(word) > 2):
            copy.write_row((word,))
    for table in WITH_SERIAL_ID:
        server.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")  # noqa: S608
    server.execute(f"VACUUM (ANALYZE) users, conversations, conversation_members, search_words, {', '.join(TABLES)}")
