from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.db import connection
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from conversations.transfer.slack.archive import ArchiveError, SlackArchive
from conversations.transfer.slack.importing import Report, SlackImport

IMPORTING = 0x736C61636B  # "slack": the advisory lock that prevents concurrent imports


class Command(BaseCommand):
    help = "Import a Slack export. Running it again, for example after an interruption, imports only what is missing"

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the .zip file from Slack")
        parser.add_argument(
            "--match-email",
            action="store_true",
            help="assign Slack messages and private conversations to existing accounts with the same e-mail address;"
            " only if you trust those addresses",
        )

    def handle(self, **options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [IMPORTING])
            if not cursor.fetchone()[0]:
                raise CommandError("another import is running: wait for it to end")
            try:
                self.run(options["file"], match_email=options["match_email"])
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [IMPORTING])

    def run(self, file: Path, *, match_email: bool) -> None:
        try:
            archive = SlackArchive(file)
        except ArchiveError as error:
            raise CommandError(str(error)) from error
        console = Console(stderr=True)
        bar = Progress("Importing", BarColumn(), MofNCompleteColumn(), "files", TimeRemainingColumn(), console=console)
        with archive, bar:
            task = bar.add_task("", total=None)
            slack_import = SlackImport(archive, match_email=match_email)
            report = slack_import.run(
                begin=lambda files: bar.update(task, total=files), advance=lambda files: bar.advance(task, files)
            )
        self.print_report(report, archive.unreadable)

    def print_report(self, report: Report, unreadable: list[str]) -> None:
        imported, skipped = report.written + report.system, report.skipped.total()
        lines = [
            f"{report.people} new people and {report.conversations} new conversations.",
            f"{report.read} records read = {imported} imported"
            f" ({report.written} messages, {report.system} system messages) + {skipped} skipped",
        ]
        lines += [f"  skipped {number}: {reason}" for reason, number in report.skipped.most_common() if number]
        lines += [f"  not imported: {number} {kind}" for kind, number in report.left_behind.items() if number]
        lines += [f"  could not read {problem}" for problem in unreadable]
        if report.taken_addresses:
            lines.append(
                f"{report.taken_addresses} people have the e-mail address of an account here and got separate ones;"
                " --match-email assigns their messages to the existing accounts."
            )
        if report.people:
            lines.append("New people can't sign in yet: give each a link made by manage.py reset_link NAME.")
        self.stdout.write("\n".join(lines))
