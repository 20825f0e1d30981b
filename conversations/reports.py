"""The activity chart of the reports, drawn on the server."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

import leather
from django.utils.formats import date_format
from django.utils.safestring import mark_safe

MAX_LABELS = 10
WIDTH_PIXELS, HEIGHT_PIXELS = 900, 280


def activity_chart(rows: Iterable[dict], since: date, until: date) -> str:
    """Draw messages per day, from rows of {day, messages}, as SVG; a day without messages has an empty column."""
    total: Counter[str] = Counter()
    for row in rows:
        total[str(row["day"])] += row["messages"]
    days = [str(since + timedelta(days=number)) for number in range((until - since).days + 1)]
    chart = leather.Chart()
    chart.add_y_scale(0, max(total.values(), default=0) or 1)
    chart.add_x_axis(ticks=days[:: -(-len(days) // MAX_LABELS)], tick_formatter=short)
    chart.add_columns([(day, total[day]) for day in days])
    svg = chart.to_svg(width=WIDTH_PIXELS, height=HEIGHT_PIXELS)
    box = f"0 0 {WIDTH_PIXELS} {HEIGHT_PIXELS}"
    return mark_safe(svg.replace("<svg ", f'<svg viewBox="{box}" aria-hidden="true" ', 1))  # noqa: S308 – our own chart


def short(day: str, *_: object) -> str:
    return date_format(date.fromisoformat(day), "SHORT_MONTH_DAY_FORMAT")
