from django.core.management import CommandError

from conversations.management.query_command import QueryCommand
from conversations.models import Conversation


class Command(QueryCommand):
    help = "Print the last 20 messages of a conversation, the newest first"
    columns = ["id", "created_at", "sender", "content"]

    def add_arguments(self, parser):
        parser.add_argument("conversation", type=int, help="the id of the conversation, as in its address /c/<id>/")
        super().add_arguments(parser)

    def query(self, options):
        conversation = Conversation.objects.not_deleted().with_ids([options["conversation"]]).first()
        if conversation is None:
            raise CommandError(f"there is no conversation {options['conversation']}")
        return conversation.messages.with_extras().latest_page()

    def row(self, message):
        return [message.pk, message.created_at.isoformat(), message.sender_name, message.said]
