"""Columns for names, which are cleaned whoever writes them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import names
from accounts.models.not_allowed import NotAllowed

# In SQL: names that are surely clean. The others are looked at one by one.
CLEAN = "^([!-~]+( [!-~]+)*)?$"
INVISIBLE = _("Nobody could see this. Use letters, digits or other visible characters.")
MAX_CLEANED_LENGTHS = 10  # longer names, in multiples of `max_length`, are refused without looking at each character


class NameFormField(forms.CharField):
    """A name that somebody types; an invisible one is refused."""

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        if not typed or len(typed) > MAX_CLEANED_LENGTHS * (self.max_length or len(typed)):
            return typed
        name = names.clean(typed)
        if not name:
            raise ValidationError(INVISIBLE, code="invisible")
        return name


def visible_name(typed: str) -> str:
    """Clean a name that somebody chose; raise NotAllowed if nobody could see it."""
    name = names.clean(typed)
    if typed and not name:
        raise NotAllowed(INVISIBLE)
    return name


class NameField(models.CharField):
    """A name, or another short text in one line."""

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Describe the field to migrations as a plain CharField: they must not import code that may move."""
        name, _path, arguments, options = super().deconstruct()
        return name, "django.db.models.CharField", arguments, options

    def formfield(self, **options: Any) -> forms.Field | None:  # type: ignore[override]
        return super().formfield(**{"form_class": NameFormField} | options)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Clean names that come from no form, such as those of an import."""
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = names.clean(value)
            setattr(model_instance, self.attname, value)
        return value


def clean_stored_names() -> int:
    """Clean all names that an earlier release or another program stored; return how many have changed."""
    columns = [(model, field.attname) for model in apps.get_models() for field in model._meta.local_fields]
    named = [each for each in columns if isinstance(each[0]._meta.get_field(each[1]), NameField)]
    return sum(clean_column(model, column) for model, column in named)


def clean_column(model: type[models.Model], column: str) -> int:
    """Clean the names in one column, each unless somebody changes it meanwhile; return how many have changed."""
    stored = model._base_manager.filter(**{f"{column}__isnull": False})
    suspicious = stored.exclude(**{f"{column}__regex": CLEAN}).values_list("pk", column)
    changed = [(pk, name, names.clean(name)) for pk, name in suspicious.iterator() if name != names.clean(name)]
    for pk, name, cleaned in changed:
        model._base_manager.filter(pk=pk, **{column: name}).update(**{column: cleaned})
    return len(changed)
