"""Counting that stops: what a page shows as 99+ must not cost more than a hundred rows."""

from django.db import models


class CappedCount(models.Subquery):
    """Count the rows of a subquery that has a LIMIT, which `Count` can't."""

    template = "(SELECT count(*) FROM (%(subquery)s) capped)"
    output_field = models.IntegerField()
