"""The benchmark of pages: how many a second one worker answers, as a ratio to the bare page of the same run."""

import itertools
import json
import re
import statistics
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import uuid4

import psutil
import psycopg

from chatsite.postgres import cluster
from chatsite.trials.benchmark.filling.workspace import BUSY, FEW, USUAL, fill_with_bar
from chatsite.trials.benchmark.load import Load, put
from chatsite.trials.benchmark.start import memory_of
from chatsite.trials.benchmark.yardstick.inspection import HEADER
from chatsite.trials.client.person import Person
from chatsite.trials.client.site import Site
from chatsite.trials.soak.faults import WORKER

NAMES = ["bare", "conversation", "older page", "day", "inbox", "search", "changes", "static file", "health", "post"]
CONNECTIONS, ROUNDS, PROFILED = 16, 3, 4
# A search may look through all conversations that one sees.
INDEXED = ("conversation", "older page", "day", "inbox", "changes", "post")
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
    """What was measured of all kinds of pages; `whole` names, of each, the large tables that its plans read whole."""

    messages: int
    worker_mb_under_load: float
    pages: list[Page]
    whole: dict[str, list[str]]
    columns: ClassVar = ["page", "a second", "× bare", "p50 ms", "p99 ms", "worker ms", "statements", "bytes"]

    def rows(self) -> list[tuple[str, ...]]:
        found = [(page.name, *map(written, list(asdict(page).values())[1:])) for page in self.pages]
        return [*found, ("worker under load", f"{self.worker_mb_under_load:.0f} MB")]

    @property
    def misses(self) -> list[str]:
        """Name what is slower than it has to be."""
        slow = [page for page in self.pages if page.is_missed]
        return [
            *(f"{page.name}: {page.ratio:.2f} of the bare page, not {TARGETS[page.name]}" for page in slow),
            *(
                f"{name}: reads whole tables ({', '.join(self.whole[name])})"
                for name in INDEXED
                if self.whole.get(name)
            ),
        ]


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


Kinds = dict[str, tuple[Iterator[bytes], Callable[[int, bytes], bool]]]


async def measure(site: Site, messages: int, seconds: float, profile: str | None, tell: Callable) -> Pages:
    """Fill a site that has just begun, then ask it for each kind of page, in turns; tell of one where its time goes."""
    people = {number: await Person(site.port).sign_up(f"person{number}") for number in (FEW, USUAL, BUSY)}
    with psycopg.connect(**cluster.connection(site.folder / "postgres"), autocommit=True) as server:
        fill_with_bar(server, messages)
        person = people[USUAL]
        mine = "SELECT conversation_id FROM conversation_members WHERE user_id = %s ORDER BY 1 LIMIT 50"
        places = [place for (place,) in server.execute(mine, [USUAL]).fetchall()]
        kinds = await requests_of(person, places, server)
        found = await put_each(site, kinds, seconds, tell)
        watched = {name: await watch(site, requests) for name, (requests, _) in kinds.items()}
        for each in people.values():
            each.hang_up()
        if profile:
            tell(await profiled(site, kinds[profile]))
    pages = [summed_up(name, loads, found["bare"], watched[name]) for name, loads in found.items()]
    whole = {name: told["whole"] for name, told in watched.items()}
    return Pages(messages, memory_of(site, WORKER), pages, whole)


async def put_each(site: Site, kinds: Kinds, seconds: float, tell: Callable) -> dict[str, list[tuple[Load, float]]]:
    """Put load on each kind of page, round after round: its load, and the seconds of processor time it took."""
    loads: dict[str, list[tuple[Load, float]]] = {name: [] for name in kinds}
    worker = psutil.Process(site.processes(WORKER)[0])
    for turn in range(ROUNDS + 1):
        tell(f"round {turn} of {ROUNDS}" if turn else "a round to warm up")
        for name, (requests, is_right) in kinds.items():
            before = worker.cpu_times()
            load = await put(site.port, requests, is_right, CONNECTIONS, seconds if turn else seconds / 4)
            after = worker.cpu_times()
            if turn:
                loads[name].append((load, after.user + after.system - before.user - before.system))
    return loads


async def watch(site: Site, requests: Iterator[bytes]) -> dict[str, Any]:
    """Ask once for how many statements are made, and which large tables they read whole."""
    answers = []
    request = asking(next(requests), "statements")
    await put(site.port, iter([request]), lambda status, answer: answers.append(answer) or status == 200, 1, 0)
    return json.loads(answers[0].partition(b"\r\n\r\n")[2])


async def profiled(site: Site, kind: tuple[Iterator[bytes], Callable[[int, bytes], bool]]) -> str:
    """Ask one after the other, and report where the time went."""
    requests, is_right = kind
    answers = []
    await put(site.port, (asking(request, "profile") for request in requests), is_right, 1, PROFILED)
    report = asking(next(requests), "report")
    await put(site.port, iter([report]), lambda _, answer: answers.append(answer) or True, 1, 0)
    return answers[0].partition(b"\r\n\r\n")[2].decode()


def asking(request: bytes, what: str) -> bytes:
    """Add the header to a request that asks what it does in the worker."""
    return request.replace(b"\r\n", f"\r\n{HEADER}: {what}\r\n".encode(), 1)


def summed_up(
    name: str, found: list[tuple[Load, float]], bare: list[tuple[Load, float]], watched: dict[str, Any]
) -> Page:
    """Sum up the rounds of one kind of page; its ratio is the median of those to the bare page in the same round."""
    ratios = [load.per_second / other.per_second for (load, _), (other, _) in zip(found, bare, strict=True)]
    waits = sorted(wait * 1000 for load, _ in found for wait in load.waits)
    count = len(waits)
    return Page(
        name,
        statistics.median(load.per_second for load, _ in found),
        statistics.median(ratios),
        waits[count // 2],
        waits[count * 99 // 100],
        1000 * sum(cpu for _, cpu in found) / count,
        watched["count"],
        sum(load.size for load, _ in found) / count,
    )


async def requests_of(person: Person, places: list[int], server: psycopg.Connection) -> Kinds:
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
