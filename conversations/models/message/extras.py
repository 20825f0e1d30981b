"""Extras: what a page shows of a message besides its text, found for all messages of a page in one more statement.

The statement is made only if one of them has extras. It is SQL, as the ORM took longer to build it than PostgreSQL took
to answer it.
"""

import json
from collections.abc import Iterable
from copy import copy
from datetime import datetime
from typing import Any, Self

from django.db import connection, models
from django.db.models import Case, Func, When
from django.utils.html import escape

from chatsite.speed.keyset import text_bytes
from conversations.models.counting import CAP
from conversations.models.event.wording import HAPPENED
from conversations.models.message.mention import add_names

PREVIEW_CHARACTERS = 250  # enough for one line
MAX_NAMES = 20  # of the people who reacted with one emoji
MAX_IDS = 100  # of these people, by which our script finds the reader's own reaction
MAX_REPLIERS = 3  # whose pictures are below the first message of a thread
# Of HTML: around the names of a reaction, of a file, of each of those ids; of what is below the first of a thread.
REACTION_BYTES, FILE_BYTES, ID_BYTES, THREAD_BYTES = 300, 1_200, 9, 1_200
NAME = "coalesce(nullif(users.display_name, ''), users.username)"
# Shown for a message without text.
NAMES_OF_FILES = """(
    SELECT '📎 ' || string_agg(name, ', ' ORDER BY position) FROM attachments WHERE message_id = {message}
)"""
# The beginning of a message, as `markdown.in_one_line` takes it: Markdown if nobody has stored its words.
BEGINNING = f"""json_build_object(
    'text', left(
        coalesce(plain_text, nullif(content, ''), {NAMES_OF_FILES.format(message="{message}")}, ''),
        {PREVIEW_CHARACTERS}
    ),
    'is_source', has_link IS NULL AND NOT is_system
)"""
# A reply to a message that its reader may not see, as it was posted before they joined.
IS_EARLIER = {"is_earlier": True}
EXTRAS = f"""
SELECT shown.id,
(
    SELECT CASE WHEN EXISTS (
        SELECT FROM conversation_members
        WHERE conversation_id = shown.conversation_id AND user_id = %(reader)s AND history_from > messages.created_at
    ) THEN '{json.dumps(IS_EARLIER)}'::json ELSE json_build_object(
        'id', messages.id, 'sender', {NAME}, 'posted_at', extract(epoch FROM messages.created_at),
        'beginning', {BEGINNING.format(message="messages.id")}
    ) END
    FROM messages LEFT JOIN users ON users.id = user_id
    WHERE messages.id = shown.reply_to_id AND messages.deleted_at IS NULL
) AS replied_to,
(
    WITH replies AS (
        SELECT user_id, created_at FROM messages WHERE thread_id = shown.id AND deleted_at IS NULL
        ORDER BY created_at DESC LIMIT {CAP}
    ), repliers AS (
        SELECT user_id, max(created_at) AS last_at FROM replies WHERE user_id IS NOT NULL
        GROUP BY user_id ORDER BY last_at DESC LIMIT {MAX_REPLIERS}
    )
    SELECT json_build_object(
        'count', count(*), 'last_at', extract(epoch FROM max(created_at)),
        'last_by', (SELECT user_id FROM replies ORDER BY created_at DESC LIMIT 1),
        'people', (
            SELECT json_agg(json_build_array(id, username, display_name, picture_digest) ORDER BY last_at DESC)
            FROM repliers JOIN users ON users.id = user_id
        )
    )
    FROM replies HAVING count(*) > 0
) AS thread_summary,
(
    SELECT extract(epoch FROM last_read_at)::float8 FROM thread_followers
    WHERE message_id = shown.id AND user_id = %(reader)s AND NOT muted
) AS thread_read_at,
(
    SELECT json_agg(json_build_object('emoji', emoji, 'count', count, 'names', names, 'people', people) ORDER BY first)
    FROM (
        SELECT emoji, count(*), min(message_reactions.created_at) AS first,
               (array_agg({NAME} ORDER BY message_reactions.created_at))[1:{MAX_NAMES}] AS names,
               (array_agg(user_id ORDER BY message_reactions.created_at))[1:{MAX_IDS}] AS people
        FROM message_reactions JOIN users ON users.id = user_id WHERE message_id = shown.id GROUP BY emoji
    ) AS reactions
) AS reactions_summary,
(
    SELECT json_agg(
        json_build_object(
            'id', id, 'name', name, 'size', size, 'content_type', content_type, 'width', width, 'height', height,
            'description', description, 'beginning', beginning
        ) ORDER BY position
    )
    FROM attachments WHERE message_id = shown.id
) AS files,
(
    SELECT json_build_object('by', {NAME}, 'reason', reason)
    FROM pins LEFT JOIN users ON users.id = pinned_by_id WHERE message_id = shown.id
) AS pinned,
CASE WHEN shown.is_system THEN {HAPPENED.format(message="shown.id")} END AS happened
FROM messages AS shown WHERE shown.id = ANY(%(messages)s)
"""  # noqa: S608 – of our own words and numbers


def beginning() -> Func:
    """Return the beginning of a message, or the names of its files, as SQL; `markdown.in_one_line` words it."""
    template = BEGINNING.format(message="%(expressions)s")
    return Func("pk", template=template, output_field=models.JSONField())


def happened() -> Case:
    """Return the event of a system message, as SQL; `wording.sentence` words it."""
    found = Func("pk", template=HAPPENED.format(message="%(expressions)s"), output_field=models.TextField())
    return Case(When(is_system=True, then=found))


class WithExtras(models.QuerySet):
    """Messages with their extras, as `reader` may see them; None if they are for several people."""

    shows_extras = False
    reader: int | None = None

    def read_by(self, reader: int | None) -> Self:
        """Omit what replies show of earlier messages if the person with the id `reader` may not see them."""
        found = self.all()
        found.reader = reader
        return found

    def with_extras(self) -> Self:
        """Add the sender and the extras of a `Message`, from `replied_to` to `people`."""
        found = self.select_related("user")
        found.shows_extras = True
        return found

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]  # django-stubs leave it out
        clone.shows_extras, clone.reader = self.shows_extras, self.reader
        return clone

    def _fetch_all(self) -> None:
        is_fresh = self._result_cache is None
        super()._fetch_all()
        if is_fresh and self.shows_extras:
            add_extras(self._result_cache or [], self.reader)
            add_names(self._result_cache or [])


def add_extras(messages: Iterable[Any], reader: int | None) -> None:
    """Add the extras of these messages, for those that have any, as their reader may see them."""
    having = {message.pk: message for message in messages if message.has_extras or message.is_system}
    if not having:
        return
    with connection.cursor() as cursor:
        cursor.execute(EXTRAS, {"messages": list(having), "reader": reader})
        names = [column.name for column in cursor.description]
        for pk, *values in cursor.fetchall():
            for name, value in zip(names[1:], values, strict=True):
                setattr(having[pk], name, value)
            if having[pk].replied_to == IS_EARLIER:
                having[pk].quote = None


def seen_since(messages: Iterable[Any], moment: datetime) -> list[Any]:
    """Select, from messages read for everybody, those that a person whose history begins at `moment` may see."""
    return [without_earlier(message, moment) for message in messages if message.created_at >= moment]


def without_earlier(message: Any, moment: datetime) -> Any:
    """Return a message, without the message it replies to if that was posted before `moment`."""
    if not message.replied_to or message.replied_to["posted_at"] >= moment.timestamp():
        return message
    shown = copy(message)
    shown.replied_to, shown.quote = IS_EARLIER, None
    return shown


def bytes_of_extras(message: Any) -> int:
    """Estimate how many bytes of HTML the extras of a message take."""
    size = sum(FILE_BYTES + text_bytes(escape(file["beginning"] or "")) for file in message.files or ())
    for reaction in message.reactions_summary or ():
        words = sum(map(text_bytes, reaction["names"])) + 2 * len(reaction["names"])
        size += REACTION_BYTES + words + ID_BYTES * len(reaction["people"])
    return size + (THREAD_BYTES if message.thread_summary else 0)
