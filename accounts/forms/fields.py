from typing import Any

from django import forms


class LowerCaseField(forms.CharField):
    """Text that is stored in lower case, as names and addresses ignore case."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").lower()
