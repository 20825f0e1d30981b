"""Find in earlier messages, and in those of other programs, what the renderer finds in new ones; can be resumed."""

from django.core.management import BaseCommand
from django.template.defaultfilters import pluralize

from conversations.models import Message


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        total = 0
        while done := Message.objects.fill_facts():
            total += done
        self.stdout.write(f"{total} message{pluralize(total)} done.")
