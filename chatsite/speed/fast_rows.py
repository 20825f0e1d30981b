"""How rows become models where a page shows many of them."""

from collections.abc import Collection
from typing import Any, Self

from django.db.models.base import ModelState


class FastRows:
    """A model that takes over a row as it is, instead of field by field through `__init__`.

    No signal is sent as one is made, so it may have no field that waits for one, as an ImageField does.
    """

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], *, fetch_mode: Any = None
    ) -> Self:
        made = cls.__new__(cls)
        state = ModelState()
        state.adding, state.db = False, db
        if fetch_mode is not None:
            state.fetch_mode = fetch_mode
        made.__dict__ = {"_state": state, **dict(zip(field_names, values, strict=True))}
        return made
