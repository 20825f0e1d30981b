from datetime import timedelta

from django.core.management import CommandError
from django.utils import timezone

from conversations.management.query_command import QueryCommand
from conversations.models import Message


class Command(QueryCommand):
    help = "Print the people who have written nothing for a number of days"
    columns = ["username", "name", "joined", "last_wrote"]

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=30, help="the number of days; 30 if not given")
        super().add_arguments(parser)

    def query(self, options):
        if not 0 < options["days"] <= 10_000:
            raise CommandError("--days must be between 1 and 10000")
        return Message.objects.silent_people(timezone.now() - timedelta(days=options["days"]))

    def row(self, person):
        last = person.last_wrote_at.isoformat() if person.last_wrote_at else None
        return [person.username, person.name, person.created_at.isoformat(), last]
