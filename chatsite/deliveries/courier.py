"""Couriers: each sends one kind of deliveries. The app that has them registers its courier when it is loaded."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from chatsite.deliveries.models import DeliveryQuerySet


class Courier(ABC):
    """Turns facts into deliveries, and sends them. Only `send` runs on several threads at once."""

    name: str
    deliveries: DeliveryQuerySet
    max_parcels = 32  # that are being sent at a time

    def prepare(self) -> bool:
        """Turn some facts into deliveries; return whether there are more."""
        return False

    @abstractmethod
    def collect(self, most: int) -> list[Any]:
        """Claim at most `most` deliveries; return what is to be sent, one parcel for each connection to another host.

        What need not be sent is done within this call.
        """

    @abstractmethod
    def send(self, parcel: Any) -> Any:
        """Send a parcel, and return what became of it for `record`. Uses no database, as it may wait for seconds."""

    @abstractmethod
    def record(self, sent: Sequence[tuple[Any, Any]]) -> None:
        """Store what became of parcels, each with its outcome: the exception if `send` raised one.

        Runs in a transaction, again with more parcels if that fails.
        """

    def retry_failed(self, pk: int | None) -> int:
        """Make one failed delivery wait again, or all; return how many."""
        failed = self.deliveries.all().failed()
        return self.retry(failed if pk is None else failed.filter(pk=pk))

    @abstractmethod
    def retry(self, failed: DeliveryQuerySet) -> int:
        """Make these failed deliveries wait again; return how many."""


couriers: list[Courier] = []


def register(courier: Courier) -> None:
    couriers.append(courier)
