"""The benchmark of search: how long people wait for results, and how much its indexes slow down posts."""

import random
import re
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import ClassVar
from urllib.parse import urlencode

import psycopg

from chatsite.trials.benchmark.filling.size import BUSY, CONVERSATIONS_OF, GUEST, USUAL
from chatsite.trials.benchmark.filling.vocabulary import vocabulary
from chatsite.trials.benchmark.visitors import fill_and_sign_in
from chatsite.trials.client.person import Person
from chatsite.trials.client.site import Site

QUERIES = 200
POSTS = 500
OPEN_CONVERSATION = 20
MAX_P95_MS = 200
MAX_POST_RATIO = 1.5  # posts with the indexes of search, compared to posts without
WITHOUT_SEARCH = (
    "DROP TRIGGER search_remember ON messages; ALTER TABLE messages DROP COLUMN tsv"  # and its index with it
)
HIT = re.compile(r'id="hit(\d+)"')
COUNT = re.compile(r'class="count">([\d,+]+)<')
WORST = {
    "a word in a third of all messages": (USUAL, "the"),
    "a word in none": (USUAL, "xyzzyplugh"),
    "a two-letter part of a word": (USUAL, "ve"),
    "a frequent word by someone who never used it": (USUAL, "from:person{never} the"),
    "a person in 5,000 conversations": (BUSY, "the"),
    "the same, a rare word": (BUSY, "{rare}"),
    "a person in one small conversation": (GUEST, "the"),
    "the same, a word of many": (GUEST, "version"),
}


@dataclass
class Searching:
    """The results: milliseconds of whole pages over HTTP, and of posts with the indexes of search and without."""

    messages: int
    p50_ms: float
    p95_ms: float
    most_ms: float
    counted_to_the_end: float
    worst_ms: dict[str, float]
    post_ms: float
    post_without_search_ms: float
    columns: ClassVar = ["search", "measured"]

    def rows(self) -> list[tuple[str, str]]:
        found = asdict(self)
        worst = found.pop("worst_ms")
        named = [(name.replace("_", " "), f"{value:,.2f}".removesuffix(".00")) for name, value in found.items()]
        return [*named, *((f"{name}, ms", f"{value:,.0f}") for name, value in worst.items())]

    @property
    def misses(self) -> list[str]:
        """List the missed targets."""
        goals = {
            f"p95 of searches over {MAX_P95_MS} ms": self.p95_ms > MAX_P95_MS,
            f"posts cost more than {MAX_POST_RATIO} times": self.post_ms > MAX_POST_RATIO * self.post_without_search_ms,
        }
        return [goal for goal, is_missed in goals.items() if is_missed]


async def measure(site: Site, messages: int, log: Callable[[str], None]) -> Searching:
    """Fill a freshly started site, search it as three people, and post to it."""
    with site.database() as server:
        people = await fill_and_sign_in(site, server, messages, [GUEST, USUAL, BUSY])
        never = remove_from_most_active("the", server)
        log(f"{QUERIES} mixed queries, twice")
        rng = random.Random(8)
        queries = [next(mixed_queries(rng)) for _ in range(QUERIES)]
        for query in queries:
            await timed_search(people[USUAL], query)
        waits, counted = zip(*[await timed_search(people[USUAL], query) for query in queries], strict=True)
        log("the worst cases")
        rare, worst = vocabulary()[0][60_000], {}
        for name, (person, query) in WORST.items():
            query = query.format(never=never, rare=rare)
            worst[name] = statistics.median([(await timed_search(people[person], query))[0] for _ in range(5)])
        log(f"{POSTS} posts with the indexes of search, and without")
        member = "INSERT INTO conversation_members (conversation_id, user_id) VALUES (%s, %s) ON CONFLICT DO NOTHING"
        server.execute(member, [OPEN_CONVERSATION, USUAL])
        await timed_posts(people[USUAL], POSTS // 5)
        with_search = await timed_posts(people[USUAL], POSTS)
        server.execute(WITHOUT_SEARCH)
        await timed_posts(people[USUAL], POSTS // 5)
        without = await timed_posts(people[USUAL], POSTS)
    twentieths = statistics.quantiles(waits, n=20)
    share = sum(counted) / QUERIES
    return Searching(messages, twentieths[9], twentieths[18], max(waits), share, worst, with_search, without)


async def timed_search(person: Person, query: str) -> tuple[float, bool]:
    """Search, and check what is shown; return the milliseconds, and whether the hits were counted to the end."""
    began = time.perf_counter()
    answer = await person.get(f"/search/?{urlencode({'q': query})}")
    took = (time.perf_counter() - began) * 1000
    hits, count = HIT.findall(answer.body), COUNT.search(answer.body)
    assert answer.status == 200, query
    assert bool(hits) == bool(count), query
    assert len(hits) == len(set(hits)) <= 20, query
    return took, "count-all" not in answer.body


async def timed_posts(person: Person, count: int) -> float:
    """Post `count` messages; return the mean milliseconds of a post."""
    words, weights = vocabulary()
    waits = []
    for number in range(count):
        rng = random.Random(number)
        text = " ".join(rng.choices(words, cum_weights=weights, k=rng.randint(3, 20)))
        began = time.perf_counter()
        assert await person.send(OPEN_CONVERSATION, text), "the site did not accept a post"
        waits.append((time.perf_counter() - began) * 1000)
    return statistics.mean(waits)


def mixed_queries(rng: random.Random) -> Iterator[str]:
    """Yield queries as people type them: frequent and rare words, alone, together, cut short, and with operators."""
    words = vocabulary()[0]

    def word() -> str:
        return words[int(len(words) ** rng.random()) - 1]

    while True:
        yield rng.choice(
            [
                word,
                word,
                lambda: f"{word()} {word()}",
                lambda: f"{word()} {word()} {word()}",
                lambda: word()[: rng.randint(2, 5)],
                lambda: f'"{word()} {word()}"',
                lambda: f"{word()} -{word()}",
                lambda: f"from:person{rng.randint(100, 190)} {word()}",
                lambda: f"in:{rng.randint(1, 12) * 20} {word()}",
                lambda: f"{word()} has:{rng.choice(['link', 'file', 'code'])}",
                lambda: f"{word()} before:2026-0{rng.randint(1, 9)}-15",
                lambda: f"{word()} during:2025-{rng.randint(10, 12)}",
                lambda: word()[1:] + "x",
            ]
        )()


def remove_from_most_active(word: str, server: psycopg.Connection) -> int:
    """Remove a word from everything that the most active person wrote; return their id."""
    most = "SELECT user_id FROM messages WHERE user_id > %s GROUP BY user_id ORDER BY count(*) DESC LIMIT 1"
    [[person]] = server.execute(most, [max(CONVERSATIONS_OF)]).fetchmany(1)
    server.execute(
        "UPDATE messages SET content = regexp_replace(content, %s, 'ein', 'g') WHERE user_id = %s",
        [rf"\m{word}\w*", person],
    )
    server.execute("VACUUM ANALYZE messages")
    return person
