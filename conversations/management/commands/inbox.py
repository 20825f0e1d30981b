from django.core.management import CommandError

from accounts.models import User
from conversations.management.query_command import QueryCommand
from conversations.models import Conversation
from conversations.models.conversation.lists import PAGE_CONVERSATIONS


class Command(QueryCommand):
    help = "Print the first page of a person's inbox: each conversation with its last message and unread count"
    columns = ["id", "conversation", "last_activity", "unread", "sender", "last_message"]

    def add_arguments(self, parser):
        parser.add_argument("user", help="the user name")
        super().add_arguments(parser)

    def query(self, options):
        user = User.objects.called([options["user"].lower()]).first()
        if user is None:
            raise CommandError(f"there is no user {options['user']}")
        return Conversation.objects.inbox_of(user)[:PAGE_CONVERSATIONS]

    def row(self, entry):
        preview = entry.preview or {"sender": None}
        when, unread = entry.last_message_at.isoformat(), entry.unread_label or "0"
        return [entry.pk, entry.name, when, unread, preview["sender"], entry.preview_words]
