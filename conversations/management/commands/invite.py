"""Create an invite link and print it. With --role owner, it restores access to a workspace without an owner."""

from datetime import timedelta

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from accounts.models import Role
from conversations.models import Conversation, Invitation


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--role", choices=Role.values, default=Role.MEMBER, help="member if not given")
        parser.add_argument("--uses", type=int, default=1, help="how many people may use the link; 1 if not given")
        parser.add_argument("--days", type=int, default=1, help="how many days the link is valid; 1 if not given")
        parser.add_argument(
            "--conversation", type=int, action="append", default=[], help="the id of a conversation to join; repeatable"
        )

    def handle(self, role, uses, days, conversation, **options):
        if not (1 <= uses <= 1000 and 1 <= days <= 365):
            raise CommandError("--uses must be 1 to 1000, and --days 1 to 365")
        found = list(Conversation.objects.with_ids(conversation).not_direct())
        if missing := set(conversation) - {each.pk for each in found}:
            raise CommandError(f"there is no conversation {min(missing)} that people can join by invitation")
        invitation = Invitation.objects.invite(None, role, uses, timedelta(days=days), found)
        self.stdout.write(settings.SITE_ADDRESS + invitation.link)
