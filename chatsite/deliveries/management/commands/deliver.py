"""Send deliveries in a separate process, for example if JOBS=off keeps web processes from sending any."""

import signal

from django.core.management import BaseCommand

from chatsite.deliveries.deliverer import Deliverer

POLL_SECONDS = 1


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="send what is due now, and end")

    def handle(self, once, **options):
        deliverer = Deliverer(POLL_SECONDS)
        if once:
            deliverer.run_once()
            return
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: deliverer.stop())
        deliverer.start()
        deliverer.join()
