"""The columns that rows of deliveries share, and how a process claims them."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models, transaction
from django.db.models import F, Min, Q
from django.db.models.functions import Now

LEASE = timedelta(seconds=60)  # longer than any attempt takes
MAX_ATTEMPTS = 5
# Such a delivery may be killing the processes that send it.
MAX_CLAIMS = 10
MAX_ERROR_CHARACTERS = 200
# Seconds until the next attempt, by how many have failed, unless the other side says when to come back.
BACKOFF_SECONDS = (30, 120, 600, 1800)


def is_free() -> Q:
    """Return a Q of the deliveries that no process is working on."""
    return Q(claimed_until__isnull=True) | Q(claimed_until__lt=Now())


class DeliveryQuerySet(models.QuerySet):
    """Deliveries by their state: waiting, claimed by a process for LEASE, or failed."""

    def waiting(self) -> Self:
        return self.filter(due_at__isnull=False)

    def failed(self) -> Self:
        """Select those that failed permanently; others are deleted when they are done."""
        return self.filter(due_at__isnull=True)

    def due(self) -> Self:
        """Select those that a process may claim now: a lease that ended belonged to a process that was killed."""
        return self.waiting().filter(is_free(), due_at__lte=Now())

    def claim(self, most: int) -> list[Any]:
        """Claim the `most` deliveries that have been due for longest; no other process gets them while it works."""
        with transaction.atomic():
            due = self.due().order_by("due_at").select_for_update(skip_locked=True, of=("self",))
            attempts = dict(due.values_list("pk", "attempts")[:most])
            deadly = [pk for pk, count in attempts.items() if count >= MAX_CLAIMS]
            if deadly:
                self.filter(pk__in=deadly).give_up()
            mine = self.filter(pk__in=attempts.keys() - set(deadly))
            mine.update(claimed_until=Now() + LEASE, attempts=F("attempts") + 1)
            return list(mine)

    def give_up(self) -> None:
        """Let deliveries fail that were claimed again and again, within the transaction that has locked them."""
        self.update(due_at=None, error="it was claimed, but never finished")

    def wait_for_next(self) -> timedelta | None:
        """Find out how long it is until the next one is due; those that are claimed by then are left out.

        It reads one entry of an index on `due_at`, however many are waiting.
        """
        return self.waiting().filter(is_free()).aggregate(wait=Min("due_at") - Now())["wait"]

    def lateness(self) -> timedelta | None:
        """Find out for how long the oldest one that is due has been waiting."""
        return self.waiting().filter(due_at__lte=Now()).aggregate(late=Now() - Min("due_at"))["late"]


class Delivery(models.Model):
    """Something to be sent out. It is deleted when that is done; without `due_at` it has failed permanently."""

    due_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0, db_default=0)
    # Raised by whoever adds something to it, so that it is not deleted with what was added while it was being sent.
    additions = models.IntegerField(default=0, db_default=0)
    # What went wrong at the last attempt, without addresses and secrets.
    error = models.CharField(max_length=MAX_ERROR_CHARACTERS, default="", db_default="")

    class Meta:
        abstract = True

    @staticmethod
    def fresh() -> dict[str, Any]:
        """Return the values of a delivery of which there was no attempt."""
        return {"claimed_until": None, "attempts": 0, "error": ""}

    def as_claimed(self) -> models.QuerySet:
        """Select this delivery, unless its lease has ended and another process has claimed it since."""
        return type(self)._default_manager.filter(pk=self.pk, attempts=self.attempts, claimed_until=self.claimed_until)

    def as_it_was(self) -> models.QuerySet:
        """Select this delivery, if also nothing was added since it was claimed."""
        return self.as_claimed().filter(additions=self.additions)

    def begin_again(self) -> None:
        """Leave the delivery, with what was added, to the next claim."""
        self.as_claimed().update(due_at=Now(), **self.fresh())

    def finish(self) -> None:
        """Delete the delivery; if something was added since it was claimed, leave it to the next claim."""
        if not self.as_it_was().delete()[0]:
            self.begin_again()

    def postpone(self, until: datetime, **values: Any) -> None:
        """Let the delivery wait, unless something was added that may not have to; this was no attempt."""
        if not self.as_it_was().update(**self.fresh() | {"due_at": until} | values):
            self.begin_again()

    @property
    def has_attempts_left(self) -> bool:
        return self.attempts < MAX_ATTEMPTS

    def retry_later(self, error: str, wait_seconds: float | None = None, **values: Any) -> bool:
        """Try again later, or fail after MAX_ATTEMPTS; return whether there is another attempt.

        `values` are those of what was claimed: if something was added since, they are not stored.
        """
        if not self.has_attempts_left:
            self.fail(error)
            return False
        wait = BACKOFF_SECONDS[self.attempts - 1] if wait_seconds is None else wait_seconds
        due = Now() + timedelta(seconds=wait)
        state = {"due_at": due, "claimed_until": None, "error": error[:MAX_ERROR_CHARACTERS]}
        if not self.as_it_was().update(**state | values):
            self.as_claimed().update(**state)
        return True

    def fail(self, error: str) -> None:
        """Give up, unless something was added; `manage.py deliveries --retry` tries again."""
        state = {"due_at": None, "claimed_until": None, "error": error[:MAX_ERROR_CHARACTERS]}
        if not self.as_it_was().update(**state):
            self.begin_again()
