"""Print a link for choosing a new password, to hand to a person where the site sends no mail."""

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
            raise CommandError(f"no active person has the user name {name}; `manage.py invite` makes an invite link")
        self.stdout.write(settings.SITE_ADDRESS + person.make_reset_link(None))
        self.stdout.write("The link works once, within a day, and only until the password changes.")
