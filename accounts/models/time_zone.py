"""The time zone of a person, in which they read all times."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


@cache
def city_zones() -> dict[str, ZoneInfo]:
    """Load the time zones of cities, without aliases and abbreviations; UTC is one of them."""
    lines = (files("tzdata.zoneinfo") / "zone.tab").read_text().splitlines()
    names = {line.split("\t")[2] for line in lines if line and not line.startswith("#")}
    return {name: ZoneInfo(name) for name in [*sorted(names & available_timezones()), "UTC"]}


@lru_cache(maxsize=2)
def zone_choices(day: date) -> list[tuple[str, str]]:
    """List the time zones from west to east, as "(UTC+01:00) Vienna, Europe", with their offsets of this day."""
    zones = city_zones().items()
    offsets = {name: datetime.combine(day, time(12), zone).utcoffset() or timedelta() for name, zone in zones}
    return [
        (name, shown_zone(name, offsets[name]))
        for name in sorted(offsets, key=lambda name: (offsets[name], city_of(name)))
    ]


def city_of(name: str) -> str:
    return name.rpartition("/")[2].replace("_", " ")


def shown_zone(name: str, offset: timedelta) -> str:
    hours, minutes = divmod(abs(int(offset.total_seconds())) // 60, 60)
    sign = "-" if offset < timedelta() else "+"
    region = ", ".join(part.replace("_", " ") for part in reversed(name.split("/")[:-1]))
    return f"(UTC{sign}{hours:02}:{minutes:02}) {city_of(name)}" + (f", {region}" if region else "")


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Use a name such as Europe/Amsterdam."), params={"name": name}
        )


class TimeZoneField(models.CharField):
    """The name of a time zone."""

    default_validators = [validate_time_zone]

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Describe the field to migrations as a plain CharField: they must not import code that may move."""
        name, _path, arguments, options = super().deconstruct()
        return name, "django.db.models.CharField", arguments, options
