"""People who keep posting and reading with release 0.1's own statements, whatever happens to its database."""

import threading
import time
from uuid import uuid4

from chatsite.tests.upgrading.databases import server
from chatsite.tests.upgrading.watching import TALKERS

PAUSE_SECONDS = 0.005
TIMEOUT_SECONDS = 30
POST = """
WITH raised AS (
    UPDATE conversations
    SET revision = revision + 1,
        last_message_id = nextval(pg_get_serial_sequence('messages', 'id')),
        last_message_at = greatest(clock_timestamp(), last_message_at + interval '1 microsecond')
    WHERE id = %(conversation)s AND archived_at IS NULL AND deleted_at IS NULL AND EXISTS (
        SELECT FROM conversation_members
        WHERE conversation_id = %(conversation)s AND user_id = %(user)s AND role <> 'reader'
    )
    RETURNING id, revision, last_message_id, last_message_at
), own_membership AS (
    UPDATE conversation_members
    SET last_read_message_id = raised.last_message_id,
        last_read_at = raised.last_message_at,
        draft = CASE WHEN draft_key = %(client_key)s THEN '' ELSE draft END
    FROM raised WHERE conversation_id = raised.id AND user_id = %(user)s
), own_mentions AS (
    UPDATE mentions SET seen_at = clock_timestamp()
    FROM raised WHERE conversation_id = raised.id AND user_id = %(user)s AND seen_at IS NULL
)
INSERT INTO messages (id, conversation_id, user_id, content, html, file_names, client_key, revision, created_at)
SELECT last_message_id, id, %(user)s, 'words', '<p>words</p>', '', %(client_key)s, revision, last_message_at
FROM raised
RETURNING id
"""
READ = """
SELECT m.id, m.content, m.html, m.revision, m.created_at, m.has_extras, u.username, u.display_name, reactions.count
FROM messages m LEFT JOIN users u ON u.id = m.user_id, LATERAL (
    SELECT count(*) FROM message_reactions WHERE message_id = m.id
) reactions
WHERE conversation_id = %(conversation)s AND m.deleted_at IS NULL ORDER BY m.created_at DESC, m.id DESC LIMIT 20
"""
INBOX = """
SELECT c.id, c.title, c.last_message_at, m.last_read_at FROM conversations c
JOIN conversation_members m ON m.conversation_id = c.id
WHERE m.user_id = %(user)s AND c.deleted_at IS NULL ORDER BY c.last_message_at DESC LIMIT 50
"""
A_MEMBER = "SELECT conversation_id, user_id FROM conversation_members JOIN conversations ON id = conversation_id "
A_MEMBER += "WHERE role <> 'reader' AND archived_at IS NULL AND deleted_at IS NULL ORDER BY 1 DESC, 2 LIMIT 1"


class Talkers:
    """A person who posts and a person who reads, each on a separate connection, during the `with` block."""

    def __init__(self, name: str) -> None:
        self.name, self.posted, self.read, self.errors = name, [], 0, []
        self._stop = threading.Event()

    def __enter__(self) -> "Talkers":
        self._threads = [threading.Thread(target=self._repeat, args=[each]) for each in (self._post, self._read)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _repeat(self, act) -> None:
        try:
            with server(self.name) as connection:
                connection.execute(f"SET application_name = '{TALKERS}'")
                connection.execute("SET statement_timeout = '5s'")  # as for pages
                conversation, user = connection.execute(A_MEMBER).fetchone()
                while not self._stop.wait(PAUSE_SECONDS):
                    act(connection, {"conversation": conversation, "user": user, "client_key": uuid4()})
        except Exception as error:  # otherwise it would be lost with the thread
            self.errors.append(error)

    def _post(self, connection, values) -> None:
        [message_id] = connection.execute(POST, values).fetchone()
        self.posted.append(message_id)

    def _read(self, connection, values) -> None:
        connection.execute(READ, values).fetchall()
        assert connection.execute(INBOX, values).fetchall()
        self.read += 1

    def wait_for(self, more: int) -> None:
        """Wait for this many more posts and reads."""
        posted, read, deadline = len(self.posted) + more, self.read + more, time.monotonic() + TIMEOUT_SECONDS
        while not self.errors and (len(self.posted) < posted or self.read < read):
            assert time.monotonic() < deadline, "posting or reading is blocked"
            time.sleep(0.01)
        assert not self.errors, self.errors
