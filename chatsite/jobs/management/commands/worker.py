"""Run jobs in a process of their own; with JOBS=off, web processes run none."""

import os
import signal
import sys
import threading

from django.core.management import BaseCommand

from chatsite.jobs.worker import HEAVY, LIGHT, Worker

NICENESS = 10


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--heavy", action="store_true", help="only the heavy ones there are, for the process above")

    def handle(self, heavy, **options):
        worker = Worker(HEAVY if heavy else LIGHT)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: worker.stop())
        if heavy:
            os.nice(NICENESS)
            threading.Thread(target=end_with_parent, args=[worker], daemon=True).start()
        worker.start()
        worker.join()


def end_with_parent(worker: Worker) -> None:
    """Wait for the end of the pipe from the parent, past Python's buffer, whose lock would break the exit."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    worker.stop()
