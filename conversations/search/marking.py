"""The excerpts of hits, with the words of the query marked."""

import re
from collections.abc import Iterable

from django.db import connection

from conversations.models import Message
from conversations.search.query import PICTURES, SearchQuery, Term
from conversations.text.excerpts import UNSPACED, excerpt, words_of

# Words that need no space around them: characters of scripts without spaces, and emoji.
IN_PARTS = re.compile(f"{UNSPACED.pattern}|[{PICTURES}]")


def mark(query: SearchQuery, messages: Iterable[Message]) -> None:
    """Set the `excerpt` of each message: a piece of it with the matches of the query marked."""
    plain = [term for term in query.wanted if not (term.is_phrase or term.is_part)]
    exact = {word for term in query.wanted if term.is_phrase for word in words_of(term.text)}
    texts = {message: message.words for message in messages}
    words = matching_words(plain, exact, {word for text in texts.values() for word in words_of(text)})
    parts = [sign for term in query.wanted for sign in term.signs]
    looked_for = [(term, term.emoji or term.text) for term in query.wanted]
    parts += [said for term, said in looked_for if term.is_part or IN_PARTS.search(said)]
    for message, text in texts.items():
        message.excerpt = excerpt(text, words, parts)


def matching_words(terms: list[Term], exact: set[str], words: set[str]) -> set[str]:
    """Find which of these words match the terms, or are among `exact` ignoring case and accents."""
    wanted = [(term.text, term.is_exact) for term in terms if term.has_words] + [(word, True) for word in exact]
    if not wanted:
        return set()
    looked_for = " || ".join(["public.search_looks_for(%s, %s)"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM unnest(%s::text[]) AS word"  # noqa: S608 – of our own words
            f" WHERE public.search_vector(word, '', '', false) @@ ({looked_for})",
            [sorted(words), *(value for pair in wanted for value in pair)],
        )
        return {word for (word,) in cursor.fetchall()}
