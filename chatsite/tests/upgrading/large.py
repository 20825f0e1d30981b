"""A database of release 0.1 with any number of messages, filled by SQL that names the columns of that release."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from psycopg.errors import InsufficientPrivilege

from chatsite.tests.upgrading.databases import restore, server

WRITERS = 2
FIRST = 1_000  # the first number of its people and conversations, past those of the small database
NUMBERS = {"FIRST": FIRST, "PEOPLE": 1_000, "CONVERSATIONS": 2_000}
WORKSPACE = """
INSERT INTO users (id, username, email)
SELECT n, 'person' || n, 'person' || n || '@example.org' FROM generate_series({FIRST}, {FIRST} + {PEOPLE} - 1) n;
INSERT INTO conversations (id, title, kind) SELECT n, 'Conversation ' || n, (ARRAY['open', 'private'])[1 + n % 2]
FROM generate_series({FIRST}, {FIRST} + {CONVERSATIONS} - 1) n;
INSERT INTO conversation_members (conversation_id, user_id)
SELECT {FIRST} + n % {CONVERSATIONS}, {FIRST} + (n * 7) % {PEOPLE} FROM generate_series(1, 20 * {CONVERSATIONS}) n
ON CONFLICT DO NOTHING;
"""
MESSAGES = """
INSERT INTO messages (id, conversation_id, user_id, content, html, has_extras, revision, created_at)
SELECT {FIRST} + n, {FIRST} + n % {CONVERSATIONS}, {FIRST} + (n * 7) % {PEOPLE}, said, '<p>' || said || '</p>',
    n % 10 = 0, n / {CONVERSATIONS} + 1, timestamptz '2024-01-01' + n * interval '30 seconds'
FROM generate_series({first}::bigint, {messages}, {step}) n, LATERAL (
    SELECT (ARRAY['bread', 'flour', 'ovens', 'market', 'loaves', 'butter', 'paper'])[1 + n % 7]
        || ' for ' || (ARRAY['monday', 'friday', 'the school', 'the station'])[1 + n % 4] || ' number ' || n
) words (said);
"""
REST = """
INSERT INTO message_reactions (message_id, emoji, user_id)
SELECT {FIRST} + n, '👍', {FIRST} + n % {PEOPLE} FROM generate_series(10, {messages}, 10) n;
INSERT INTO message_earlier_texts (message_id, content)
SELECT {FIRST} + n, 'before' FROM generate_series(20, {messages}, 20) n;
INSERT INTO mentions (user_id, message_id, conversation_id)
SELECT {FIRST} + n % {PEOPLE}, {FIRST} + n, {FIRST} + n % {CONVERSATIONS} FROM generate_series(30, {messages}, 30) n;
INSERT INTO attachments (message_id, position, name, content_type, size, key)
SELECT {FIRST} + n, 0, 'file-' || n, 'text/plain', 1, 'file-' || n FROM generate_series(40, {messages}, 40) n;
UPDATE conversations SET (revision, last_message_id, last_message_at) = (
    SELECT revision, id, created_at FROM messages
    WHERE conversation_id = conversations.id ORDER BY created_at DESC, id DESC LIMIT 1
)
WHERE id >= {FIRST} AND EXISTS (SELECT FROM messages WHERE conversation_id = conversations.id);
SELECT setval(pg_get_serial_sequence(name, 'id'), 100000000)
FROM unnest(ARRAY['users', 'conversations', 'messages']) name;
ANALYZE;
"""
INDEXES = """
SELECT indexname, indexdef FROM pg_indexes LEFT JOIN pg_constraint ON conname = indexname
WHERE tablename = 'messages' AND conname IS NULL
"""


def fill(name, messages):
    """Restore the small database into an empty one, and add `messages` messages."""
    restore(name)
    with server(name) as here:
        indexes = here.execute(INDEXES).fetchall()
        for index, _ in indexes:
            here.execute(f"DROP INDEX {index}")
    numbers = NUMBERS | {"messages": messages, "step": WRITERS}
    run_in_parallel(name, [WORKSPACE.format(**numbers)])
    run_in_parallel(name, [MESSAGES.format(**numbers, first=first) for first in range(1, WRITERS + 1)])
    run_in_parallel(name, [definition for _, definition in indexes])
    run_in_parallel(name, [REST.format(**numbers)])


def run_in_parallel(name, statements):
    """Run statements, several at a time."""

    def execute(statement):
        with server(name) as here:
            here.execute("SET maintenance_work_mem = '512MB'")
            with suppress(InsufficientPrivilege):  # this only saves time: no foreign key is checked, no trigger runs
                here.execute("SET session_replication_role = replica")
            here.execute(statement)

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(execute, statements))
