"""The fan-out benchmark: one worker, many streams of one conversation."""

import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import ClassVar

import psutil

from chatsite.trials.benchmark.streams import Crowd
from chatsite.trials.client.person import Person
from chatsite.trials.client.site import WORKER, Site

PEOPLE, POSTERS = 20, 8
PACED_POSTS = 100
SECONDS_BETWEEN_POSTS = 0.2
BURST_POSTS = 500


@dataclass
class FanOut:
    """The results: milliseconds, kilobytes of 1,000 bytes, and numbers per second."""

    streams: int
    idle_kb_per_stream: float
    paced_p50_ms: float
    paced_p99_ms: float
    deliveries_per_second: float
    posts_per_second: float
    faults: int
    columns: ClassVar = ["fan-out", "measured"]

    def rows(self) -> list[tuple[str, str]]:
        return [(name.replace("_", " "), f"{value:,.1f}".removesuffix(".0")) for name, value in asdict(self).items()]

    @property
    def misses(self) -> list[str]:
        """List the missed targets, which are for a machine with two cores."""
        goals = {
            "more than 60 kB per idle stream": self.idle_kb_per_stream > 60,
            "fewer than 15,000 deliveries a second": self.deliveries_per_second < 15_000,
            "p99 of a paced post to all readers over 150 ms": self.paced_p99_ms > 150,
            "readers that did not see each post exactly once": self.faults > 0,
        }
        return [goal for goal, is_missed in goals.items() if is_missed]


async def measure(site: Site, streams: int, log: Callable[[str], None]) -> FanOut:
    """Open streams on a freshly started site, and post to them: first at a steady pace, then all at once."""
    ana = await Person(site.port).sign_up("ana")
    others = [await Person(site.port).sign_up(f"reader{number}") for number in range(PEOPLE)]
    conversation = await ana.start("Town hall", people=tuple(f"reader{number}" for number in range(PEOPLE)))
    await ana.send(conversation, "hello")
    posters = [Person(site.port, dict(ana.cookies)) for _ in range(POSTERS)]
    worker = psutil.Process(site.processes(WORKER)[0])
    before = worker.memory_info().rss
    log(f"opening {streams} streams")
    crowd = Crowd(conversation)
    await crowd.gather(streams, others)
    memory = (worker.memory_info().rss - before) / streams / 1000
    log(f"{PACED_POSTS} posts, one every {SECONDS_BETWEEN_POSTS} s")
    waits = await post_at_a_steady_pace(crowd, posters)
    log(f"{BURST_POSTS} posts as fast as possible")
    deliveries, began = crowd.deliveries, time.perf_counter()
    await post_at_once(crowd, posters)
    posted = time.perf_counter() - began
    await crowd.complete(PACED_POSTS + BURST_POSTS)
    seconds = time.perf_counter() - began
    faults = crowd.faults(PACED_POSTS + BURST_POSTS)
    crowd.close()
    for person in (ana, *others, *posters):
        person.hang_up()
    p99 = statistics.quantiles(waits, n=100)[98]
    delivered = (crowd.deliveries - deliveries) / seconds
    return FanOut(streams, memory, statistics.median(waits), p99, delivered, BURST_POSTS / posted, faults)


async def post_at_a_steady_pace(crowd: Crowd, posters: list[Person]) -> list[float]:
    """Post at a steady pace; return, for each post, the milliseconds until the last reader had it."""
    tasks = []
    for number in range(PACED_POSTS):
        tasks.append(asyncio.create_task(crowd.post(number, posters[number % POSTERS])))
        await asyncio.sleep(SECONDS_BETWEEN_POSTS)
    await asyncio.gather(*tasks)
    await crowd.complete(PACED_POSTS)
    return [max(waits) / 1_000_000 for waits in crowd.waits.values()]


async def post_at_once(crowd: Crowd, posters: list[Person]) -> None:
    numbers = iter(range(PACED_POSTS, PACED_POSTS + BURST_POSTS))

    async def post_next(poster: Person) -> None:
        for number in numbers:
            await crowd.post(number, poster)

    await asyncio.gather(*map(post_next, posters))
