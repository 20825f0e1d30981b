"""Purge messages, conversations and accounts deleted more than 30 days ago, or one deleted message now."""

from datetime import timedelta

from django.core.management import BaseCommand, CommandError
from django.template.defaultfilters import pluralize

from conversations.models import Attachment, Message
from conversations.models.attachment import file_store
from conversations.models.attachment.file_store import ForeignStore
from conversations.models.attachment.sweeping import TooManyOrphans
from conversations.models.message.deletable import ADMIN_RESTORE_PERIOD
from conversations.models.purging import purge_deleted, purge_message


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument(
            "--days",
            type=int,
            default=ADMIN_RESTORE_PERIOD.days,
            help="the minimum age of deletions in days; 30 if not given",
        )
        parser.add_argument("--message", type=int, help="the id of one deleted message to purge now")
        parser.add_argument("--sweep", action="store_true", help="set orphaned files aside even if there are many")
        adopt = "from now on the stored files belong to this database, which has replaced the one they belonged to"
        parser.add_argument("--adopt-files", action="store_true", help=adopt)

    def handle(self, days, message, sweep, adopt_files, **options):
        if days < 0:
            raise CommandError("--days must not be less than 0")
        try:
            if adopt_files:
                file_store.adopt()
            purged = purge_deleted(timedelta(days=days)) if message is None else purge_message(self.deleted(message))
            self.report(purged)
            self.sweep(sweep)
        except ForeignStore as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"the stored files are unavailable: {error}; run this again") from error

    def report(self, purged):
        messages = f"{purged.messages} message{pluralize(purged.messages)}"
        self.stdout.write(f"{messages} and {purged.files} file{pluralize(purged.files)} permanently removed.")
        if purged.remaining:
            raise CommandError(f"{purged.remaining} of their rows or files remain: run this again")
        self.stdout.write("Checked: no rows or files of them remain.")

    def sweep(self, even_many):
        try:
            swept = Attachment.objects.sweep(even_many)
        except TooManyOrphans as error:
            raise CommandError(f"{error}: is this the right database? If so, add --sweep to set them aside") from error
        for count, words in (
            (swept.restored, "restored, as messages refer to them again"),
            (swept.aside, "of no message set aside for 30 days"),
            (swept.deleted, "set aside 30 days ago permanently removed"),
        ):
            if count:
                self.stdout.write(f"{count} file{pluralize(count)} {words}.")

    def deleted(self, pk):
        message = Message.objects.find(pk)
        if message is None:
            raise CommandError(f"there is no message {pk}")
        if message.deleted_at is None:
            raise CommandError(f"message {pk} is not deleted: delete it first, or restore it if that was a mistake")
        return message
