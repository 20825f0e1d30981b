"""Show or set the language by whose grammar search matches other forms of a word: "german", for example, or "none"."""

from django.core.management import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from conversations.models.search.language import change_language, languages, the_language


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("language", nargs="?", help="a language that PostgreSQL supports, or none")

    def handle(self, language, **options):
        known = ", ".join(languages())
        if language is None:
            self.stdout.write(f"The search language is {the_language()}. Available: {known}.")
        elif language not in languages():
            raise CommandError(f"unknown language {language}: choose one of {known}")
        else:
            console = Console(stderr=True)
            with Progress("Indexing", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console) as bar:
                task = bar.add_task("")
                for done, total in change_language(language):
                    bar.update(task, completed=done, total=total)
            self.stdout.write(f"The search language is now {language}.")
