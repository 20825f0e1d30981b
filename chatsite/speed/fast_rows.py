"""Models whose rows load fast, for pages that show many of them."""

from collections.abc import Collection
from typing import Any, Self

from django.db.models.base import ModelState


class FastRows:
    """A model that takes over a row as it is, instead of setting each field in `__init__`.

    No signal is sent for a new instance, so the model may have no field that relies on one, such as an ImageField.
    """

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], *, fetch_mode: Any = None
    ) -> Self:
        instance = cls.__new__(cls)
        state = ModelState()
        state.adding, state.db = False, db
        if fetch_mode is not None:
            state.fetch_mode = fetch_mode
        instance.__dict__ = {"_state": state, **dict(zip(field_names, values, strict=True))}
        return instance
