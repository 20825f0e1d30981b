"""The base of commands that print a query: three output formats, and --explain."""

import csv
import json
import re
from typing import IO, Any, cast

from django.core.management import BaseCommand
from django.core.management.base import CommandParser
from django.db import connection
from django.db.models import QuerySet
from rich.console import Console
from rich.table import Table

FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")  # the last four are full-width
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
PIPE_WIDTH = 200  # columns, if the output is not a terminal


class QueryCommand(BaseCommand):
    """A command that prints the rows of a QuerySet; subclasses define the query and the columns."""

    columns: list[str]

    def query(self, options: dict[str, Any]) -> QuerySet:
        raise NotImplementedError

    def row(self, item: Any) -> list:
        """Return the values of `columns` for one item of the query."""
        return [item[column] for column in self.columns]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=["table", "csv", "json"], default="table", help="table if not given")
        parser.add_argument(
            "--explain",
            action="store_true",
            help="print the SQL and its plan as PostgreSQL executes it, instead of the rows",
        )

    def handle(self, **options: Any) -> None:
        query = self.query(options)
        if options["explain"]:
            self.stdout.write(statement(query))
            self.stdout.write(query.explain(analyze=True, buffers=True))
        else:
            getattr(self, f"print_{options['format']}")(
                [[harmless(value) for value in self.row(item)] for item in query]
            )

    def print_table(self, rows: list[list]) -> None:
        table = Table(*self.columns)
        for row in rows:
            table.add_row(*("" if value is None else str(value) for value in row))
        width = None if self.stdout.isatty() else PIPE_WIDTH
        Console(file=cast("IO[str]", self.stdout), markup=False, width=width).print(table)

    def print_csv(self, rows: list[list]) -> None:
        quoted = [[without_formula(value) for value in row] for row in rows]
        csv.writer(self.stdout, lineterminator="\n").writerows([self.columns, *quoted])

    def print_json(self, rows: list[list]) -> None:
        objects = [dict(zip(self.columns, row, strict=True)) for row in rows]
        self.stdout.write(json.dumps(objects, default=str, ensure_ascii=False, indent=1))


def harmless(value: Any) -> Any:
    """Remove control characters from text, as a terminal would obey them."""
    return CONTROL.sub("\ufffd", value) if isinstance(value, str) else value


def without_formula(value: Any) -> Any:
    """Put an apostrophe before text that a spreadsheet would run as a formula."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


def statement(query: QuerySet) -> str:
    """Format the SQL of a query with its parameters filled in."""
    sql, parameters = query.query.sql_with_params()
    with connection.cursor() as cursor:
        return f"{cursor.mogrify(sql, parameters)};\n"
