"""Restore a deleted message, as long as it is not purged."""

from django.core.management import BaseCommand, CommandError

from conversations.models import Message


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("message", type=int, help="its number, as in its address /m/<number>/")

    def handle(self, message, **options):
        found = Message.objects.find(message)
        if found is None:
            raise CommandError(f"there is no message {message}: it never was, or it is purged")
        if found.deleted_at is None:
            raise CommandError(f"message {message} is not deleted")
        found.restore_by(None)
        self.stdout.write(f"Message {message} is back in {found.conversation}.")
