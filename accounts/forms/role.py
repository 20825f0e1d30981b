from typing import Any

from django import forms

from accounts.models import Role


class RoleForm(forms.Form):
    """Another role for a person."""

    role = forms.ChoiceField()

    def __init__(self, *args: Any, roles: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"] = forms.ChoiceField(choices=[(role, Role(role).label) for role in roles])
