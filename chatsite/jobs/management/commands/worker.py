"""Run jobs in a separate process, for example if JOBS=off keeps web processes from running any."""

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
        words = "run heavy jobs until none are left; web processes start this"
        parser.add_argument("--heavy", action="store_true", help=words)

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
    """Stop when the pipe from the parent closes; unbuffered, as the lock of Python's buffer would break the exit."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    worker.stop()
