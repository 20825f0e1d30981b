"""Remove the second factor of a person who has lost it, such as the last owner, whom nobody else can help."""

from django.core.management import BaseCommand, CommandError

from accounts.models import User


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("name", help="the person's user name")

    def handle(self, name, **options):
        person = User.objects.active().called([name.lower()]).first()
        if not person:
            raise CommandError(f"no active person has the user name {name}")
        person.remove_second_factor(None)
        self.stdout.write(f"{person.username} now signs in without a second factor, and was signed out everywhere.")
        if not person.has_usable_password():
            self.stdout.write(
                f"Their passkeys are removed, too: `manage.py reset_link {person.username}` makes a link."
            )
