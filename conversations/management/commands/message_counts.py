from argparse import ArgumentTypeError
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.core.management import CommandError
from django.utils import timezone

from conversations.management.query_command import QueryCommand
from conversations.models import Message
from conversations.text.days import FIRST_DAY


class Command(QueryCommand):
    help = "Print how many messages each person wrote on each day"
    columns = ["day", "username", "name", "messages"]

    def add_arguments(self, parser):
        parser.add_argument(
            "--since", type=day, help="the first day, for example 2024-05-03; 13 days before the last if not given"
        )
        parser.add_argument("--until", type=day, help="the last day; today if not given")
        parser.add_argument(
            "--timezone",
            type=zone,
            default=ZoneInfo("UTC"),
            help="the time zone of the days, for example Europe/Amsterdam; UTC if not given",
        )
        super().add_arguments(parser)

    def query(self, options):
        until = options["until"] or timezone.localdate(timezone=options["timezone"])
        since = options["since"] or max(until - timedelta(days=13), FIRST_DAY)
        try:
            return Message.objects.counts_per_day(since, until, options["timezone"])
        except ValueError as error:
            raise CommandError(str(error)) from error


def day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError as error:
        raise ArgumentTypeError(f"{word!r} is not a day such as 2024-05-03") from error


def zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise ArgumentTypeError(f"{name!r} is not a time zone such as Europe/Amsterdam") from error
