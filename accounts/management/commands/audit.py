"""Show the audit log of owners, admins and the command line, or check that nobody has changed it."""

from django.core.management import BaseCommand, CommandError

from accounts.models import Audit


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--verify", action="store_true", help="check that each line is as it was written")
        parser.add_argument("--lines", type=int, default=50, help="how many to show, the last ones; 50 if not given")

    def handle(self, verify, lines, **options):
        if verify:
            if broken := Audit.objects.first_broken():
                raise CommandError(f"line {broken} of the audit log is not as it was written, or follows on another")
            self.stdout.write(f"All {Audit.objects.count()} lines are as they were written.")
            return
        for line in reversed(Audit.objects.newest_first()[: max(lines, 0)]):
            self.stdout.write(f"{line.at:%Y-%m-%d %H:%M} UTC  {line}")
