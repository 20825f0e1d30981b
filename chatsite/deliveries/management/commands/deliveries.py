"""List the deliveries that are waiting or have failed, or make failed ones wait again."""

from django.core.management import BaseCommand, CommandError
from django.template.defaultfilters import pluralize
from django.utils import timezone

from chatsite.deliveries.courier import couriers

MAX_LISTED = 1000


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        words = "the kind and the id of a failed delivery to send again, such as push:12, or: all"
        parser.add_argument("--retry", metavar="KIND:ID", help=words)

    def handle(self, retry, **options):
        if retry:
            self.retry(retry)
            return
        found = [
            f"{courier.name}:{each.pk:<8} {described(each)}"
            for courier in couriers
            for each in courier.deliveries.all().order_by("pk")[:MAX_LISTED]
        ]
        self.stdout.write("\n".join(found) or "No delivery is waiting or has failed.")

    def retry(self, which):
        kind, _, number = which.partition(":")
        chosen = [each for each in couriers if which == "all" or each.name == kind]
        if not chosen or (which != "all" and not number.isdecimal()):
            raise CommandError("--retry takes the kind and the id of a delivery, such as push:12, or: all")
        count = sum(each.retry_failed(None if which == "all" else int(number)) for each in chosen)
        if not count and which != "all":
            raise CommandError(f"there is no failed delivery {which}")
        words = "delivery" if count == 1 else "deliveries"
        self.stdout.write(f"{count} {words} will be sent again.")


def described(delivery) -> str:
    """Describe a delivery in one line, with its last error."""
    if delivery.due_at is None:
        state = "failed"
    elif delivery.claimed_until and delivery.claimed_until > timezone.now():
        state = "being sent"
    else:
        state = f"due at {delivery.due_at:%Y-%m-%d %H:%M:%S} UTC"
    tried = f", tried {delivery.attempts} time{pluralize(delivery.attempts)}" if delivery.attempts else ""
    return f"{delivery}  {state}{tried}" + (f": {delivery.error}" if delivery.error else "")
