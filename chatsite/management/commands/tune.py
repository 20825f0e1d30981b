"""`manage.py tune`: advise on this machine and PostgreSQL's settings."""

from typing import IO, cast

from django.core.management import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from chatsite.postgres.tuning import advice

COLUMNS_IN_A_PIPE = 120


class Command(BaseCommand):
    help = "Check the settings of PostgreSQL and of this machine, and say what to change and why"

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="fail if there is something to change")

    def handle(self, *, check, **options):
        found = advice()
        if not found:
            self.stdout.write("Nothing to change: the machine and PostgreSQL's settings are good for the site.")
            return
        table = Table("setting", "now", "better", "why")
        for each in found:
            table.add_row(each.setting, each.now, each.better, each.why)
        Console(file=cast(IO[str], self.stdout), width=None if self.stdout.isatty() else COLUMNS_IN_A_PIPE).print(table)
        if check:
            raise CommandError(f"{len(found)} settings to change")
