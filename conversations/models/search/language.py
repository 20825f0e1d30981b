"""The language by whose grammar search finds other forms of a word; without it, words match only as written."""

from collections.abc import Iterator

from django.db import connection

NONE = "none"
BATCH_MESSAGES = 5_000
# Setting `html` updates the search vector; setting `content` would also fill the vocabulary, which has not changed.
REBUILD = "UPDATE messages SET html = html WHERE id > %s AND id <= %s"
MAP_WORDS = "ALTER TEXT SEARCH CONFIGURATION public.chatsite ALTER MAPPING FOR asciiword, word, numword WITH {}"
SET_LANGUAGE = "ALTER TEXT SEARCH DICTIONARY public.chatsite_stem (Language = {})"
CURRENT = """
SELECT coalesce(substring(dictinitoption FROM 'language = ''(\\w+)'''), 'none')
FROM pg_ts_config_map JOIN pg_ts_dict ON pg_ts_dict.oid = mapdict
WHERE mapcfg = 'public.chatsite'::regconfig LIMIT 1
"""
AVAILABLE = """
SELECT replace(dictname, '_stem', '') FROM pg_ts_dict
WHERE dictname LIKE '%_stem' AND dictnamespace = 'pg_catalog'::regnamespace ORDER BY dictname
"""


def the_language() -> str:
    return ask(CURRENT)[0]


def languages() -> list[str]:
    """List the languages that PostgreSQL supports, and NONE."""
    return [*ask(AVAILABLE), NONE]


def change_language(language: str) -> Iterator[tuple[int, int]]:
    """Set one of `languages` and index all messages again; yield (messages done, all messages) as it proceeds.

    Until a message is done, search finds it by its words in their earlier forms. Run it again after an interruption.
    """
    with connection.cursor() as cursor:
        if language == NONE:
            cursor.execute(MAP_WORDS.format("pg_catalog.simple"))
        else:
            cursor.execute(SET_LANGUAGE.format(connection.ops.quote_name(language)))
            cursor.execute(MAP_WORDS.format("public.chatsite_stem"))
        last = ask("SELECT coalesce(max(id), 0) FROM messages")[0]
        for begun in range(0, last, BATCH_MESSAGES):
            cursor.execute(REBUILD, [begun, begun + BATCH_MESSAGES])
            yield min(begun + BATCH_MESSAGES, last), last


def ask(sql: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [value for (value,) in cursor.fetchall()]
