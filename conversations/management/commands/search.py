from math import inf

from django.core.management import CommandError
from django.template.defaultfilters import pluralize
from django.utils import timezone

from accounts.models import User
from conversations.management.query_command import QueryCommand, statement
from conversations.search.engine import Search
from conversations.search.plan import Reader
from conversations.search.query import read


class Command(QueryCommand):
    help = "Search on behalf of a person: print the newest hits among the messages that they may see"
    columns = ["id", "created_at", "conversation", "sender", "content"]

    def add_arguments(self, parser):
        parser.add_argument("words", help="the query, with the operators of the search page")
        parser.add_argument("--as", dest="name", required=True, help="the user name of the reader")
        super().add_arguments(parser)

    def handle(self, **options):
        if not options["explain"]:
            return super().handle(**options)
        search = self.search(options)
        search.newest()
        for window in search.windows:
            window = window.order_by().values("pk", "created_at")
            self.stdout.write(f"{statement(window)}\n{window.explain(analyze=True, buffers=True)}\n")
        return None

    def query(self, options):
        found = self.search(options).newest()
        if found.unknown:
            raise CommandError(found.unknown)
        if found.guessed_for:
            self.stderr.write(f"No results for {found.guessed_for}. Showing {found.query}.")
        self.stderr.write(f"{found.count_label} hit{pluralize(found.count)}")
        return found.messages

    def search(self, options):
        user = User.objects.called([options["name"].lower()]).first()
        if user is None:
            raise CommandError(f"there is no user {options['name']}")
        reader = Reader(user, timezone.get_current_timezone())
        return Search(None, read(options["words"]), reader, patience_seconds=inf)

    def row(self, message):
        when, where = message.created_at.isoformat(), message.conversation.name
        return [message.pk, when, where, message.sender_name, message.content]
