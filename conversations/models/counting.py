"""Counts that stop at a cap: a page that shows 99+ must not read more than a hundred rows."""

from django.db import models

CAP = 100
MEMBERS_CAP = 1000


class CappedCount(models.Subquery):
    """Count the rows of a query, but at most `cap`."""

    template = "(SELECT count(*) FROM (%(subquery)s) capped)"
    output_field = models.IntegerField()

    def __init__(self, rows: models.QuerySet, cap: int = CAP) -> None:
        super().__init__(rows.values("pk")[:cap])


def capped(count: int, cap: int = CAP) -> str:
    """Format a count that stopped at `cap`: with CAP, anything above 99 is 99+."""
    return str(count) if count < cap else f"{cap - 1}+"
