"""Print a link by which somebody chooses another password: the way back in where there is no mail."""

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from accounts.models import User


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("name", help="the person's user name")

    def handle(self, name, **options):
        person = User.objects.active().called([name.lower()]).first()
        if not person:
            raise CommandError(f"nobody who is active is called {name}; `manage.py invite` makes a new account")
        self.stdout.write(settings.SITE_ADDRESS + person.make_reset_link(None))
        self.stdout.write("It works once, for a day, until the password changes.")
