"""Counting that stops: what a page shows as 99+ must not cost more than a hundred rows."""

from django.db import models

CAP = 100


class CappedCount(models.Subquery):
    """Count the rows of a query, CAP at most."""

    template = "(SELECT count(*) FROM (%(subquery)s) capped)"
    output_field = models.IntegerField()

    def __init__(self, rows: models.QuerySet) -> None:
        super().__init__(rows.values("pk")[:CAP])


def shown(count: int) -> str:
    """Write a count that stopped at CAP: 99+ stands for all that is more."""
    return str(count) if count < CAP else f"{CAP - 1}+"
