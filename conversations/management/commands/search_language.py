"""Say by which language search knows other forms of words, or choose another: "german", or "none"."""

from django.core.management import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from conversations.models.search.language import change_language, languages, the_language


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("language", nargs="?", help="one of those that PostgreSQL knows")

    def handle(self, language, **options):
        known = ", ".join(languages())
        if language is None:
            self.stdout.write(f"It is {the_language()}. There are: {known}.")
        elif language not in languages():
            raise CommandError(f"there is no {language}: choose one of {known}")
        else:
            console = Console(stderr=True)
            with Progress("Indexing", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console) as bar:
                task = bar.add_task("")
                for done, total in change_language(language):
                    bar.update(task, completed=done, total=total)
            self.stdout.write(f"It is {language} now.")
