"""Purge messages, conversations and accounts deleted more than 30 days ago, or one deleted message now."""

from datetime import timedelta

from django.core.management import BaseCommand, CommandError
from django.template.defaultfilters import pluralize

from accounts.models import Audit
from conversations.models import Attachment, Conversation, FormerMember, Message
from conversations.models.account_deletion import people_to_purge, purge_account
from conversations.models.message.deletable import ADMIN_RESTORE_PERIOD
from conversations.models.purging import purge_conversation, purge_messages, vacuum


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=ADMIN_RESTORE_PERIOD.days, help="how long ago; 30 if not given")
        parser.add_argument("--message", type=int, help="the number of one deleted message, to purge now")

    def handle(self, days, message, **options):
        if days < 0:
            raise CommandError("--days must not be less than 0")
        messages = Message.objects.to_purge(timedelta(days=days)) if message is None else self.one(message)
        done = purge_messages(messages)
        if message is None:
            self.purge_the_rest(timedelta(days=days), done)
        messages = f"{done.messages} message{pluralize(done.messages)}"
        if done.messages:
            vacuum()
            Audit.objects.record(None, "purged", messages)
        swept = Attachment.objects.sweep()
        self.stdout.write(f"{messages} and {done.files} file{pluralize(done.files)} are gone for good.")
        if swept:
            self.stdout.write(f"{swept} file{pluralize(swept)} that belonged to nothing went as well.")
        if done.remaining:
            raise CommandError(f"{done.remaining} rows or files of them are still there: run this again")
        self.stdout.write("Checked: no row names them, and none of their files is there.")

    def purge_the_rest(self, after, done):
        """Purge conversations and accounts deleted so long ago; the messages deleted with them are gone by now."""
        for conversation in Conversation.objects.to_purge(after):
            purge_conversation(conversation, done)
        for person in people_to_purge(after):
            purge_account(person, after)
        FormerMember.objects.forget()

    def one(self, pk):
        messages = Message.objects.filter(pk=pk)
        if not messages.exists():
            raise CommandError(f"there is no message {pk}")
        if messages.not_deleted().exists():
            raise CommandError(f"message {pk} is not deleted: delete it first, or restore it if that was a mistake")
        return messages
