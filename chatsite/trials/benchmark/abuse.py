"""The abuse benchmark: a member, or an anonymous visitor, does their worst; what does it cost everybody else?

The member requests the largest pages on many connections, opens streams without reading them, runs reports, and begins
uploads that never end. The anonymous visitor does the same with what needs no account.
"""

import asyncio
import multiprocessing
import statistics
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import psutil

from chatsite.trials.client.person import BROKEN, Person
from chatsite.trials.client.site import WORKER, Site

CROWD, REPLIES = 10_000, 1_000
SECONDS, SECONDS_TO_BEGIN = 10, 2
CONNECTIONS, STREAMS, BODIES, STRANGERS = 16, 60, 15, 300
SECONDS_BETWEEN_PAGES = 0.05
CODE = "```python\n" + "1+" * 3800 + "1\n```"
FILL = [
    "INSERT INTO users (username, email, password) SELECT 'row' || n, 'row' || n || '@example.org', '!'"
    " FROM generate_series(1, %(crowd)s) n",
    "INSERT INTO conversation_members (conversation_id, user_id) SELECT %(town)s, id FROM users ON CONFLICT DO NOTHING",
    "INSERT INTO message_reactions (message_id, emoji, user_id) SELECT %(first)s, '🎉', id FROM users",
    "UPDATE messages SET has_extras = true WHERE id = %(first)s",
    "INSERT INTO messages (conversation_id, user_id, content, html, has_code, plain_text, revision, thread_id)"
    " SELECT conversation_id, user_id, content, html, true, 'code', revision + n, %(first)s"
    " FROM messages, generate_series(1, %(replies)s) n WHERE id = %(first)s",
    "UPDATE conversations SET revision = revision + %(replies)s WHERE id = %(town)s",
    "ANALYZE",
]


@dataclass
class Abuse:
    """The results: milliseconds, numbers of rows, and ratios to the undisturbed site."""

    ordinary_page_ms: float
    worst_page: str
    worst_page_ratio: float
    quiet_p95_ms: float
    p95_ratio_with_a_member: float
    memory_ratio_with_a_member: float
    p95_ratio_with_a_stranger: float
    memory_ratio_with_a_stranger: float
    sessions_of_a_stranger: int
    columns: ClassVar = ["abuse", "measured"]

    def rows(self) -> list[tuple[str, str]]:
        found = asdict(self).items()
        return [(name.replace("_", " "), value if isinstance(value, str) else f"{value:,.1f}") for name, value in found]

    @property
    def misses(self) -> list[str]:
        goals = {
            "a page of a member costs over 20 ordinary ones": self.worst_page_ratio > 20,
            "a member makes the pages of others 3 times as slow": self.p95_ratio_with_a_member > 3,
            "a member makes a worker grow by more than a half": self.memory_ratio_with_a_member > 1.5,
            "a stranger makes the pages of others 3 times as slow": self.p95_ratio_with_a_stranger > 3,
            "a stranger makes a worker grow by more than a half": self.memory_ratio_with_a_stranger > 1.5,
            "a stranger fills the database": self.sessions_of_a_stranger > 100,
        }
        return [goal for goal, is_missed in goals.items() if is_missed]


async def measure(site: Site, log: Callable[[str], None]) -> Abuse:
    """Fill a freshly started site, whose limits are on, and attack it."""
    ana, ben, mal = [await Person(site.port).sign_up(name) for name in ("ana", "ben", "mal")]
    quiet = await ana.start("Quiet", people=("ben",))
    for number in range(20):
        await ana.send(quiet, f"words {number}")
    town = await ana.start("Town hall", people=("ben", "mal"))
    log(f"filling it with {CROWD} people and {REPLIES} long replies")
    worst = fill(site, town, await mal.send(town, CODE))
    worker = psutil.Process(site.processes(WORKER)[0])
    ordinary = await cost(ben, f"/c/{quiet}/")
    costs = {path: await cost(mal, path) for path in worst}
    page = max(costs, key=lambda path: costs[path])
    await pages_of(ben, quiet, SECONDS / 2)
    before = worker.memory_info().rss
    calm = await pages_of(ben, quiet, SECONDS)
    log("one member does their worst")
    async with attack(member, mal, town, list(worst)):
        with_member = await pages_of(ben, quiet, SECONDS)
        after_member = worker.memory_info().rss
    log("a stranger does their worst")
    async with attack(stranger, Person(site.port), town):
        with_stranger = await pages_of(ben, quiet, SECONDS)
        after_stranger = worker.memory_info().rss
    [sessions] = site.database().execute("SELECT count(*) FROM django_session").fetchone() or [0]
    return Abuse(
        *(ordinary, page, costs[page] / ordinary, calm, with_member / calm, after_member / before),
        *(with_stranger / calm, after_stranger / before, sessions - 3),
    )


def fill(site: Site, town: int, first: int | None) -> list[str]:
    """Make every list of a conversation long; return the addresses of these lists."""
    values = {"crowd": CROWD, "town": town, "first": first, "replies": REPLIES}
    with site.database() as database:
        for statement in FILL:
            database.execute(statement, values)
        [day] = database.execute("SELECT current_date").fetchone() or [""]
    here = [f"/c/{town}/{path}" for path in ("", "members/", f"{day}/", "pins/", "changes/?after=1")]
    return [*here, *(f"/m/{first}/{path}" for path in ("thread/", "reactions/")), "/people/", "/", "/search/?q=code"]


async def cost(person: Person, path: str) -> float:
    """Return the milliseconds that a page takes on an idle site."""
    found = []
    for _ in range(5):
        began = time.perf_counter()
        answer = await person.get(path)
        found.append(time.perf_counter() - began)
        assert answer.status == 200, (path, answer.status)
    return 1000 * min(found)


async def pages_of(person: Person, conversation: int, seconds: float) -> float:
    """Read pages as a person does; return the 95th percentile in milliseconds."""
    found, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        for path in ("/", f"/c/{conversation}/"):
            began = time.perf_counter()
            await person.get(path)
            found.append(time.perf_counter() - began)
            await asyncio.sleep(SECONDS_BETWEEN_PAGES)
    return 1000 * statistics.quantiles(found, n=20)[18]


@asynccontextmanager
async def attack(attacks: Callable, person: Person, *arguments: Any) -> AsyncIterator[None]:
    """Run attacks in a process of their own, so that the answers to them delay nobody here."""
    again = Person(person.port, dict(person.cookies))
    process = multiprocessing.get_context("spawn").Process(target=run, args=(attacks, again, *arguments))
    process.start()
    await asyncio.sleep(SECONDS_TO_BEGIN)
    try:
        yield
    finally:
        process.kill()
        process.join()


def run(attacks: Callable, *arguments: Any) -> None:
    async def together() -> None:
        await asyncio.gather(*attacks(*arguments))

    asyncio.run(together())


def member(mal: Person, town: int, paths: list[str]) -> list[Coroutine[Any, Any, None]]:
    def again() -> Person:
        return Person(mal.port, dict(mal.cookies))

    heavy = [*paths, "/reports/activity/", "/reports/silent/"]
    streams = [ignore(again(), "GET", f"/events/?conversation={town}&after=1") for _ in range(STREAMS)]
    uploads = [ignore(again(), "POST", f"/c/{town}/messages/", 100_000_000, 1_000_000) for _ in range(BODIES)]
    return [*(read(again(), heavy) for _ in range(CONNECTIONS)), *streams, *uploads, post(again(), town)]


def stranger(nobody: Person, town: int) -> list[Coroutine[Any, Any, None]]:
    port = nobody.port
    bodies = [ignore(Person(port), "POST", "/accounts/login/", 998_000, 990_000) for _ in range(STRANGERS)]
    return [*bodies, *(post(Person(port), town, forgets=True) for _ in range(4))]


async def read(person: Person, paths: list[str]) -> None:
    """Request pages as fast as possible."""
    while True:
        for path in paths:
            with suppress(*BROKEN):
                await person.get(path)


async def post(person: Person, conversation: int, *, forgets: bool = False) -> None:
    """Post long texts as fast as possible."""
    while True:
        with suppress(*BROKEN):
            await person.send(conversation, CODE)
        if forgets:
            person.cookies.clear()


async def ignore(person: Person, method: str, path: str, size: int = 0, sent: int = 0) -> None:
    """Send a request with only the beginning of its body, and never read the answer."""
    while True:
        with suppress(*BROKEN):
            _, writer = await person.connect()
            writer.write(person.head(method, path, b"", {"Content-Length": str(size)}) + b"a" * sent)
            await writer.drain()
            await asyncio.sleep(SECONDS)
            writer.close()
