"""Restore a deleted message, unless it has been purged."""

from django.core.management import BaseCommand, CommandError

from conversations.models import Message


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("message", type=int, help="the id of the message, as in its address /m/<id>/")

    def handle(self, message, **options):
        found = Message.objects.find(message)
        if found is None:
            raise CommandError(f"there is no message {message}: it never existed, or it has been purged")
        if found.deleted_at is None:
            raise CommandError(f"message {message} is not deleted")
        found.restore_by(None)
        self.stdout.write(f"Message {message} is restored in {found.conversation}.")
