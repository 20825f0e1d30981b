"""Judge whether pages cost more in one version than in another, unless the measurements are too noisy to judge."""

import statistics
from dataclasses import dataclass
from typing import ClassVar

# A page that costs over 5 % more fails.
MAX_RATIO = 1.05
# The spread of a page is the distance between the quartiles of its ratios, one ratio for each round. With 9 rounds and
# a spread of 8 % the median itself strays by 2.5 % (standard error: 1.25 × 0.08 / 1.35 / √9): a page that costs the
# same would exceed the limit of 5 % once in forty runs. Pages that spread more are too noisy to judge. The bare page is
# the same code in both versions and does the least: if even that spreads more, the machine is too noisy to judge any
# page. Its ratio is judged like any other, because the server under it may have become slower.
MAX_SPREAD = 0.08
YARDSTICK = "bare"


@dataclass(frozen=True)
class Cost:
    """Milliseconds of processor time per page, the mean of one round."""

    worker_ms: float
    postgres_ms: float

    @property
    def ms(self) -> float:
        return self.worker_ms + self.postgres_ms


@dataclass(frozen=True)
class ComparedPage:
    """The costs of one kind of page in both versions, round by round, and its numbers of statements."""

    name: str
    before: list[Cost]
    after: list[Cost]
    statements_before: int
    statements_after: int

    @property
    def ratios(self) -> list[float]:
        return [after.ms / before.ms for before, after in zip(self.before, self.after, strict=True)]

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    @property
    def spread(self) -> float:
        first, _, third = statistics.quantiles(self.ratios, n=4, method="inclusive")
        return third - first

    @property
    def is_noisy(self) -> bool:
        return self.spread > MAX_SPREAD

    @property
    def is_slower(self) -> bool:
        return self.ratio > MAX_RATIO

    def row(self) -> tuple[str, ...]:
        statements = f"{self.statements_before}"
        if self.statements_after != self.statements_before:
            statements += f" → {self.statements_after}"
        return (
            self.name,
            *map(shown, (self.before, self.after)),
            f"{self.ratio:.3f}",
            f"{self.spread:.3f}",
            f"{min(self.ratios):.3f} – {max(self.ratios):.3f}",
            statements,
        )


@dataclass(frozen=True)
class Comparison:
    """All kinds of pages in two versions; milliseconds are of processor time."""

    against: str
    messages: int
    pages: list[ComparedPage]
    columns: ClassVar = [
        *("page", "before: worker + PostgreSQL ms", "after: worker + PostgreSQL ms", "ratio", "spread", "range"),
        "statements",
    ]

    def rows(self) -> list[tuple[str, ...]]:
        return [page.row() for page in self.pages]

    @property
    def is_machine_noisy(self) -> bool:
        return any(page.is_noisy for page in self.pages if page.name == YARDSTICK)

    @property
    def misses(self) -> list[str]:
        """List the pages that cost over 5 % more, with all digits, unless they are too noisy to judge."""
        if self.is_machine_noisy:
            return []
        return [
            f"{page.name}: {page.ratio!r} of what it cost at {self.against}, not at most {MAX_RATIO}"
            for page in self.pages
            if page.is_slower and not page.is_noisy
        ]

    @property
    def remarks(self) -> list[str]:
        """List what could not be judged, and where the number of statements has changed."""
        noisy = [page.name for page in self.pages if page.is_noisy]
        changed = [page for page in self.pages if page.statements_before != page.statements_after]
        remarks = [f"{page.name}: {page.statements_before} → {page.statements_after} statements" for page in changed]
        if self.is_machine_noisy:
            return [*remarks, f"This machine is too noisy to judge: the {YARDSTICK} page spreads over {MAX_SPREAD}."]
        if noisy:
            return [*remarks, f"Too noisy to judge, as they spread over {MAX_SPREAD}: {', '.join(noisy)}."]
        return remarks


def shown(costs: list[Cost]) -> str:
    worker = statistics.median(cost.worker_ms for cost in costs)
    postgres = statistics.median(cost.postgres_ms for cost in costs)
    return f"{worker:.2f} + {postgres:.2f}"
