"""Counts that stop at a cap: a page that shows 99+ must not read more than a hundred rows."""

from django.db import models

CAP = 100


class CappedCount(models.Subquery):
    """Count the rows of a query, but at most CAP."""

    template = "(SELECT count(*) FROM (%(subquery)s) capped)"
    output_field = models.IntegerField()

    def __init__(self, rows: models.QuerySet) -> None:
        super().__init__(rows.values("pk")[:CAP])


def capped(count: int) -> str:
    """Format a count that stopped at CAP: anything above 99 is 99+."""
    return str(count) if count < CAP else f"{CAP - 1}+"
