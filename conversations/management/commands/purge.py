"""Remove what was deleted more than 30 days ago, or one deleted message at once: rows, files and all, for good."""

from datetime import timedelta

from django.core.management import BaseCommand, CommandError
from django.template.defaultfilters import pluralize

from accounts.models import Audit
from conversations.models import Attachment, Message
from conversations.models.deleting import MODERATORS_TIME
from conversations.models.purging import due, purge, vacuum


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=MODERATORS_TIME.days, help="how long ago; 30 if not given")
        parser.add_argument("--message", type=int, help="the number of one deleted message, to purge now")

    def handle(self, days, message, **options):
        if days < 0:
            raise CommandError("--days must not be less than 0")
        messages = due(timedelta(days=days)) if message is None else self.one(message)
        done = purge(messages)
        if done.messages:
            vacuum()
            Audit.objects.record(None, "purged", f"{done.messages} messages")
        swept = Attachment.objects.sweep()
        self.stdout.write(f"{done.messages} messages and {done.files} files are gone for good.")
        if swept:
            self.stdout.write(f"{swept} file{pluralize(swept)} that belonged to nothing went as well.")
        if done.left:
            raise CommandError(f"{done.left} rows or files of them are still there: run this again")
        self.stdout.write("Checked: no row names them, and none of their files is there.")

    def one(self, pk):
        messages = Message.objects.filter(pk=pk)
        if not messages.exists():
            raise CommandError(f"there is no message {pk}")
        if messages.not_deleted().exists():
            raise CommandError(f"message {pk} is not deleted: delete it first, or restore it if that was a mistake")
        return messages
