"""Show the audit log of owners, admins and the command line, or check that nobody has changed it."""

from django.core.management import BaseCommand, CommandError

from accounts.models import Audit


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--verify", action="store_true", help="check that no line was changed or removed")
        parser.add_argument(
            "--kept", metavar="HASH", help="with --verify: a hash printed earlier, which a line must still have"
        )
        parser.add_argument("--lines", type=int, default=50, help="how many of the latest lines to show (default: 50)")

    def handle(self, verify, kept, lines, **options):
        if verify:
            if broken := Audit.objects.first_broken():
                raise CommandError(f"line {broken} of the audit log was changed, or the line before it was removed")
            if kept and not Audit.objects.has_hash(kept):
                raise CommandError("no line has that hash: the newest lines were removed")
            self.stdout.write(f"All {Audit.objects.count()} lines are unchanged.")
            self.stdout.write(f"Newest hash, to store elsewhere for --kept: {Audit.objects.newest_hash() or 'none'}")
            return
        for line in reversed(Audit.objects.newest_first()[: max(lines, 0)]):
            self.stdout.write(f"{line.at:%Y-%m-%d %H:%M} UTC  {line}")
