"""Extras: what a page shows of a message besides its text, found for all messages of a page in one more statement.

The statement is made only if one of them has extras. It is SQL, as the ORM took longer to build it than PostgreSQL took
to answer it.
"""

from collections.abc import Iterable
from typing import Any, Self

from django.db import connection, models
from django.db.models import Case, Func, When

from conversations.models.counting import CAP
from conversations.models.event.wording import HAPPENED

PREVIEW_CHARACTERS = 250  # enough for one line
MAX_NAMES = 100  # of the people who reacted with one emoji
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
EXTRAS = f"""
SELECT shown.id,
(
    SELECT json_build_object(
        'id', messages.id, 'sender', {NAME}, 'beginning', {BEGINNING.format(message="messages.id")}
    )
    FROM messages LEFT JOIN users ON users.id = user_id
    WHERE messages.id = shown.reply_to_id AND messages.deleted_at IS NULL
) AS replied_to,
(
    SELECT count(*) FROM (
        SELECT FROM messages WHERE thread_id = shown.id AND deleted_at IS NULL LIMIT {CAP}
    ) AS replies
) AS reply_count,
(
    SELECT json_agg(json_build_object('emoji', emoji, 'count', count, 'names', names, 'people', people) ORDER BY first)
    FROM (
        SELECT emoji, count(*), min(message_reactions.created_at) AS first,
               (array_agg({NAME} ORDER BY message_reactions.created_at))[1:{MAX_NAMES}] AS names,
               (array_agg(user_id ORDER BY message_reactions.created_at))[1:{MAX_NAMES}] AS people
        FROM message_reactions JOIN users ON users.id = user_id WHERE message_id = shown.id GROUP BY emoji
    ) AS reactions
) AS reactions_summary,
(
    SELECT json_agg(
        json_build_object(
            'id', id, 'name', name, 'size', size, 'content_type', content_type, 'width', width, 'height', height,
            'description', description
        ) ORDER BY position
    )
    FROM attachments WHERE message_id = shown.id
) AS files,
(
    SELECT json_build_object('by', {NAME}, 'reason', reason)
    FROM pins LEFT JOIN users ON users.id = pinned_by_id WHERE message_id = shown.id
) AS pinned,
CASE WHEN shown.is_system THEN {HAPPENED.format(message="shown.id")} END AS happened
FROM messages AS shown WHERE shown.id = ANY(%s)
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
    """Messages with their extras."""

    shows_extras = False

    def with_extras(self) -> Self:
        """Add the sender and the extras of a `Message`, from `replied_to` to `happened`."""
        found = self.select_related("user")
        found.shows_extras = True
        return found

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]  # django-stubs leave it out
        clone.shows_extras = self.shows_extras
        return clone

    def _fetch_all(self) -> None:
        is_fresh = self._result_cache is None
        super()._fetch_all()
        if is_fresh and self.shows_extras:
            add_extras(self._result_cache or [])


def add_extras(messages: Iterable[Any]) -> None:
    """Add the extras of these messages, for those that have any."""
    having = {message.pk: message for message in messages if message.has_extras or message.is_system}
    if not having:
        return
    with connection.cursor() as cursor:
        cursor.execute(EXTRAS, [list(having)])
        names = [column.name for column in cursor.description]
        for pk, *values in cursor.fetchall():
            for name, value in zip(names[1:], values, strict=True):
                setattr(having[pk], name, value)
