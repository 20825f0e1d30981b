"""The benchmark of pages: how many a second one worker answers, as a ratio to the bare page of the same run."""

import itertools
import re
import statistics
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import ClassVar
from urllib.parse import urlencode
from uuid import uuid4

import psutil
import psycopg

from chatsite import cluster
from chatsite.trials.filling import BUSY, FEW, USUAL, fill
from chatsite.trials.load import Load, put
from chatsite.trials.person import Person
from chatsite.trials.site import Site
from chatsite.trials.troubles import WORKER

CONNECTIONS, SECONDS, ROUNDS = 16, 4, 3
TARGETS = {"conversation": 0.25, "older page": 0.28, "inbox": 0.30, "post": 0.20, "changes": 0.45}


@dataclass
class Page:
    """What was measured of one kind of page; `ratio` is to the bare page, `worker_ms` the worker's time of one."""

    name: str
    per_second: float
    ratio: float
    p50_ms: float
    p99_ms: float
    worker_ms: float
    statements: float
    bytes: float

    @property
    def is_missed(self) -> bool:
        return self.ratio < TARGETS.get(self.name, 0)


@dataclass
class Pages:
    """What was measured of all kinds of pages."""

    messages: int
    pages: list[Page]
    columns: ClassVar = ["page", "a second", "× bare", "p50 ms", "p99 ms", "worker ms", "statements", "bytes"]

    def rows(self) -> list[tuple[str, ...]]:
        return [(page.name, *map(written, list(asdict(page).values())[1:])) for page in self.pages]

    @property
    def misses(self) -> list[str]:
        """Name what is slower than it has to be."""
        slow = [page for page in self.pages if page.is_missed]
        return [f"{page.name}: {page.ratio:.2f} of the bare page, not {TARGETS[page.name]}" for page in slow]


def written(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


class Visit:
    """What a browser of one person sends, as bytes."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def get(self, path: str) -> bytes:
        return self.person.head("GET", path, extra={"Accept-Encoding": "gzip"})

    def post(self, path: str, **fields: object) -> bytes:
        body = urlencode(fields).encode()
        return self.person.head("POST", path, body, {"X-Requested-With": "fetch"}) + body


async def measure(site: Site, messages: int, tell: Callable[[str], None]) -> Pages:
    """Fill a site that has just begun, then ask it for each kind of page, in turns."""
    people = {number: await Person(site.port).sign_up(f"person{number}") for number in (FEW, USUAL, BUSY)}
    with psycopg.connect(**cluster.connection(site.folder / "postgres"), autocommit=True) as server:
        tell(f"{messages:,} messages come in")
        fill(server, messages, lambda more: None)
        person = people[USUAL]
        mine = "SELECT conversation_id FROM conversation_members WHERE user_id = %s ORDER BY 1 LIMIT 50"
        places = [place for (place,) in server.execute(mine, [USUAL]).fetchall()]
        kinds = await requests_of(person, places, server)
        loads: dict[str, list[tuple[Load, float, int]]] = {name: [] for name in kinds}
        worker = psutil.Process(site.processes(WORKER)[0])
        for turn in range(ROUNDS + 1):
            tell(f"round {turn} of {ROUNDS}" if turn else "a round to warm up")
            for name, (requests, is_right) in kinds.items():
                before, statements = worker.cpu_times(), committed(server)
                load = await put(site.port, requests, is_right, CONNECTIONS, SECONDS if turn else 1)
                after = worker.cpu_times()
                if turn:
                    cpu = after.user + after.system - before.user - before.system
                    loads[name].append((load, cpu, committed(server) - statements))
    return Pages(messages, [summed_up(name, found, loads["bare"]) for name, found in loads.items()])


def summed_up(name: str, found: list[tuple[Load, float, int]], bare: list[tuple[Load, float, int]]) -> Page:
    """Sum up the rounds of one kind of page; its ratio is the median of those to the bare page in the same round."""
    ratios = [load.per_second / other.per_second for (load, *_), (other, *_) in zip(found, bare, strict=True)]
    waits = sorted(wait * 1000 for load, *_ in found for wait in load.waits)
    count = len(waits)
    return Page(
        name,
        statistics.median(load.per_second for load, *_ in found),
        statistics.median(ratios),
        waits[count // 2],
        waits[count * 99 // 100],
        1000 * sum(cpu for _, cpu, _ in found) / count,
        sum(statements for *_, statements in found) / count,
        sum(load.size for load, *_ in found) / count,
    )


def committed(server: psycopg.Connection) -> int:
    """Count the transactions of this database so far: outside of one, each statement is its own."""
    server.execute("SELECT pg_stat_clear_snapshot()")
    return server.execute("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()").fetchone()[0]


async def requests_of(
    person: Person, places: list[int], server: psycopg.Connection
) -> dict[str, tuple[Iterator[bytes], Callable[[int, bytes], bool]]]:
    """Make the requests for each kind of page, with what their answers have to be."""
    visit, older, days, static = Visit(person), [], [], ""
    for place in places:
        page = (await person.get(f"/c/{place}/")).body
        if found := re.search(r'rel="prev" href="([^"]+)"', page):
            older.append(found[1].replace("&amp;", "&"))
        if found := re.search(rf'href="(/c/{place}/[\d-]+/)"', page):
            days.append(found[1])
        static = re.search(r'href="(/static/css/chatsite[^"]+)"', page)[1]
    quiet, busy = places[::2], places[1::2]  # one asks for changes where nobody posts
    revisions = dict(server.execute("SELECT id, revision FROM conversations WHERE id = ANY(%s)", [quiet]).fetchall())

    def pages(*paths: str) -> Iterator[bytes]:
        return itertools.cycle([visit.get(path) for path in paths])

    def posts() -> Iterator[bytes]:
        for number in itertools.count():
            place = busy[number % len(busy)]
            yield visit.post(f"/c/{place}/messages/", content=f"message {number} of many", client_key=uuid4())

    def is_page(status: int, answer: bytes) -> bool:
        return status == 200 and len(answer) > 500

    return {
        "bare": (pages("/bare/"), is_page),
        "conversation": (pages(*(f"/c/{place}/" for place in places)), is_page),
        "older page": (pages(*older), is_page),
        "day": (pages(*days), is_page),
        "inbox": (pages("/"), is_page),
        "search": (pages(*(f"/search/?q={word}" for word in ("version", "the", "invoice+plan"))), is_page),
        "changes": (
            pages(*(f"/c/{place}/changes/?after={revision}" for place, revision in revisions.items())),
            lambda status, answer: status == 200 and b"<article" not in answer,
        ),
        "static file": (pages(static), is_page),
        "health": (pages("/healthz"), lambda status, answer: status == 200 and b"ok" in answer),
        "post": (posts(), lambda status, answer: status == 201),
    }
