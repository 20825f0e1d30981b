"""Purge messages, conversations and accounts deleted more than 30 days ago, or one deleted message now."""

from datetime import timedelta

from django.core.management import BaseCommand, CommandError
from django.template.defaultfilters import pluralize

from conversations.models import Attachment, Message
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

    def handle(self, days, message, **options):
        if days < 0:
            raise CommandError("--days must not be less than 0")
        purged = purge_deleted(timedelta(days=days)) if message is None else purge_message(self.deleted(message))
        swept = Attachment.objects.sweep()
        messages = f"{purged.messages} message{pluralize(purged.messages)}"
        self.stdout.write(f"{messages} and {purged.files} file{pluralize(purged.files)} permanently removed.")
        if swept:
            self.stdout.write(f"{swept} orphaned file{pluralize(swept)} removed as well.")
        if purged.remaining:
            raise CommandError(f"{purged.remaining} of their rows or files remain: run this again")
        self.stdout.write("Checked: no rows or files of them remain.")

    def deleted(self, pk):
        message = Message.objects.find(pk)
        if message is None:
            raise CommandError(f"there is no message {pk}")
        if message.deleted_at is None:
            raise CommandError(f"message {pk} is not deleted: delete it first, or restore it if that was a mistake")
        return message
