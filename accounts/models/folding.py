"""Names compared in lower case and without accents, as search compares words: `title__folded__contains`."""

from django.db import models


class Fold(models.Transform):
    """PostgreSQL's `public.fold` of both sides of a comparison (migrations/0004_folding.sql)."""

    lookup_name = "folded"
    function = "public.fold"
    bilateral = True


models.CharField.register_lookup(Fold)
models.TextField.register_lookup(Fold)
