"""By which language search knows other forms of words: that of the site, or none, by which words are as they are."""

from collections.abc import Iterator

from django.db import connection

NONE = "none"
BATCH = 5_000
# `html` is among what the words are made of; `content` would have the vocabulary filled anew, which stays the same.
MAKE_ANEW = "UPDATE messages SET html = html WHERE id > %s AND id <= %s"
MAP = "ALTER TEXT SEARCH CONFIGURATION public.chatsite ALTER MAPPING FOR asciiword, word, numword WITH {}"
CHANGE = "ALTER TEXT SEARCH DICTIONARY public.chatsite_stem (Language = {})"
OURS = """
SELECT coalesce(substring(dictinitoption FROM 'language = ''(\\w+)'''), 'none')
FROM pg_ts_config_map JOIN pg_ts_dict ON pg_ts_dict.oid = mapdict
WHERE mapcfg = 'public.chatsite'::regconfig LIMIT 1
"""
THEIRS = """
SELECT replace(dictname, '_stem', '') FROM pg_ts_dict
WHERE dictname LIKE '%_stem' AND dictnamespace = 'pg_catalog'::regnamespace ORDER BY dictname
"""


def the_language() -> str:
    return ask(OURS)[0]


def languages() -> list[str]:
    """List the languages that PostgreSQL knows, and none."""
    return [*ask(THEIRS), NONE]


def change_language(language: str) -> Iterator[tuple[int, int]]:
    """Choose one of `languages`, and make the words of all messages anew; yield (done, all) meanwhile.

    Messages of before are found by their words as they are until they are done. Interrupted, it is to be run again.
    """
    with connection.cursor() as cursor:
        if language == NONE:
            cursor.execute(MAP.format("pg_catalog.simple"))
        else:
            cursor.execute(CHANGE.format(connection.ops.quote_name(language)))
            cursor.execute(MAP.format("public.chatsite_stem"))
        last = ask("SELECT coalesce(max(id), 0) FROM messages")[0]
        for begun in range(0, last, BATCH):
            cursor.execute(MAKE_ANEW, [begun, begun + BATCH])
            yield min(begun + BATCH, last), last


def ask(sql: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [value for (value,) in cursor.fetchall()]
