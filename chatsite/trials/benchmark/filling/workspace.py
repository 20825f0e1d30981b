"""Fill an empty site with a place that has talked for two years: people, conversations and messages, by COPY.

Conversations and authors have Zipf's sizes: a few are huge, most are small. It is the same place each time.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from uuid import UUID

import psycopg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from chatsite.trials.benchmark.filling.vocabulary import vocabulary

BEGAN = datetime(2024, 11, 1, tzinfo=UTC)
YEARS = timedelta(days=730)
CHUNK = 50_000
LONGEST = 24  # words
OPEN_EVERY = 20  # one of so many conversations is open, the others are private
COLUMNS = "id, conversation_id, user_id, content, html, file_names, has_extras, client_key, revision, created_at"
# People by number, and in how many conversations they are; the one who is in few sees no others, being a guest.
FEW, USUAL, BUSY = 1, 2, 3
MEMBER_OF = {FEW: 1, USUAL: 200, BUSY: 5_000}


@dataclass(frozen=True)
class Size:
    """How large a place is that has said so many messages."""

    messages: int

    @property
    def people(self) -> int:
        return max(100, self.messages // 500)

    @property
    def conversations(self) -> int:
        return max(250, self.messages // 200)


def fill_with_bar(server: psycopg.Connection, messages: int) -> None:
    """Fill the tables of an empty site, and show how far it is."""
    console = Console(stderr=True)
    with Progress("Loading", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task("", total=messages)
        fill(server, messages, lambda more: bar.advance(task, more))


def fill(server: psycopg.Connection, messages: int, advance: Callable[[int], object]) -> None:
    """Fill the tables of an empty site; `advance` is told how many messages have come in."""
    size, chance = Size(messages), random.Random(7)
    server.execute("SET session_replication_role = replica")  # no foreign key is looked up: all of it is made here
    add_people(server, size)
    members = add_conversations(server, size, chance)
    indexes = server.execute(
        "SELECT indexname, indexdef FROM pg_indexes LEFT JOIN pg_constraint ON conname = indexname"
        " WHERE tablename = 'messages' AND conname IS NULL"
    ).fetchall()
    for name, _ in indexes:
        server.execute(f"DROP INDEX {name}")
    newest = {}
    with server.cursor().copy(f"COPY messages ({COLUMNS}) FROM STDIN") as copy:
        for rows in chunks(size, members, chance, newest):
            copy.write("".join(rows))
            advance(len(rows))
    server.execute("SET maintenance_work_mem = '1GB'")
    for _, definition in indexes:
        server.execute(definition)
    finish(server, newest)


def add_people(server: psycopg.Connection, size: Size) -> None:
    """Add people to those who are there already, if any: the first ones, to sign in as."""
    server.execute(
        "INSERT INTO users (id, username, email, password)"
        " SELECT n, 'person' || n, 'person' || n || '@example.org', '!' FROM generate_series(1, %s) n"
        " ON CONFLICT DO NOTHING",
        [size.people],
    )
    server.execute("UPDATE users SET role = CASE WHEN id = %s THEN 'guest' ELSE 'member' END", [FEW])


def add_conversations(server: psycopg.Connection, size: Size, chance: random.Random) -> list[list[int]]:
    """Make conversations with their members; give the members of each, who write often first."""
    server.execute(
        "INSERT INTO conversations (id, title, kind) SELECT n, 'Conversation ' || n,"
        " CASE WHEN n %% %s = 0 THEN 'open' ELSE 'private' END FROM generate_series(1, %s) n",
        [OPEN_EVERY, size.conversations],
    )
    people = range(max(MEMBER_OF) + 1, size.people + 1)
    members = []
    for number in range(size.conversations):
        wanted = 4 + int(size.people / (number + 20))
        members.append(chance.sample(people, min(wanted, len(people))))
    for person, conversations in MEMBER_OF.items():
        # The one who is in one small conversation has none of the large ones.
        there = range(size.conversations // 2 if person == FEW else 0, size.conversations)
        for number in chance.sample(there, min(conversations, len(there))):
            members[number].append(person)
    with server.cursor().copy("COPY conversation_members (conversation_id, user_id, last_read_at) FROM STDIN") as copy:
        for number, theirs in enumerate(members, 1):
            for person in theirs:
                copy.write_row((number, person, BEGAN))
    return members


def chunks(
    size: Size, members: list[list[int]], chance: random.Random, newest: dict[int, tuple]
) -> Iterator[list[str]]:
    """Write the messages as COPY takes them, so many at a time; note the `newest` of each conversation."""
    words, weights = vocabulary()
    places = range(1, size.conversations + 1)
    sizes = list(accumulate(1 / (number + 5) ** 0.9 for number in places))
    step, revisions = YEARS / size.messages, dict.fromkeys(places, 0)
    for begun in range(0, size.messages, CHUNK):
        count = min(CHUNK, size.messages - begun)
        lengths = [1 + int((LONGEST - 1) * chance.random() ** 1.6) for _ in range(count)]
        said, at = chance.choices(words, cum_weights=weights, k=sum(lengths)), 0
        rows = []
        for number, place in enumerate(chance.choices(places, cum_weights=sizes, k=count), begun + 1):
            length = lengths[number - begun - 1]
            content = " ".join(said[at : at + length])
            at += length
            theirs = members[place - 1]
            author = theirs[int(len(theirs) * chance.random() ** 2)]
            revisions[place] += 1
            moment = BEGAN + step * number
            newest[place] = (number, moment, revisions[place])
            text, html, file = variant(number, content)
            key = UUID(int=number)
            rows.append(
                f"{number}\t{place}\t{author}\t{text}\t{html}\t{file}\t{'t' if file else 'f'}\t{key}"
                f"\t{revisions[place]}\t{moment.isoformat()}\n"
            )
        yield rows


def variant(number: int, content: str) -> tuple[str, str, str]:
    """Let some messages have a link, code, or a file: (content, html, names of files)."""
    if number % 50 == 0:
        address = f"https://example.org/{number}"
        return f"{content} {address}", f'<p>{content} <a href="{address}">{address}</a></p>', ""
    if number % 90 == 0:
        return f"{content} `x = {number}`", f"<p>{content} <code>x = {number}</code></p>", ""
    if number % 200 == 0:
        return content, f"<p>{content}</p>", f"report-{number}.pdf"
    return content, f"<p>{content}</p>", ""


def finish(server: psycopg.Connection, newest: dict[int, tuple]) -> None:
    """Note what was said last in each conversation, and let PostgreSQL get to know it all."""
    server.execute("CREATE TEMP TABLE newest (place bigint, message bigint, moment timestamptz, revision bigint)")
    with server.cursor().copy("COPY newest FROM STDIN") as copy:
        for place, (message, moment, revision) in newest.items():
            copy.write_row((place, message, moment, revision))
    server.execute(
        "UPDATE conversations SET last_message_id = message, last_message_at = moment, revision = newest.revision"
        " FROM newest WHERE id = place"
    )
    with server.cursor().copy("COPY search_words FROM STDIN") as copy:
        for word in sorted(word for word in vocabulary()[0] if len(word) > 2):
            copy.write_row((word,))
    for table in ("users", "conversations", "messages"):
        server.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")  # noqa: S608
    server.execute("VACUUM (ANALYZE) users, conversations, conversation_members, messages, search_words")
