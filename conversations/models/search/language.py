"""The language by whose grammar search finds other forms of a word; without it, words match only as written."""

from collections.abc import Iterator

from django.db import connection

from accounts.models import Audit
from conversations.models.search.index import SearchIndex

NONE = "none"
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
    """Set one of `languages` and index all messages again; yield (ids done, all ids) as it proceeds.

    Until a message is done, search finds it by its words in their earlier forms. After an interruption a job does the
    rest.
    """
    Audit.objects.record(None, "changed the language of search", details=f"to {language}")
    with connection.cursor() as cursor:
        if language == NONE:
            cursor.execute(MAP_WORDS.format("pg_catalog.simple"))
        else:
            cursor.execute(SET_LANGUAGE.format(connection.ops.quote_name(language)))
            cursor.execute(MAP_WORDS.format("public.chatsite_stem"))
    last = SearchIndex.objects.begin_again()
    while SearchIndex.objects.reindex():
        yield last - SearchIndex.objects.get().indexed_from, last
    yield last, last


def ask(sql: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [value for (value,) in cursor.fetchall()]
