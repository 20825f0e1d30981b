"""The deliverer: the thread of a process that claims deliveries, and the threads on which they are sent."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import Error, connections, transaction

from chatsite.deliveries.courier import Courier, couriers
from chatsite.jobs.connections import use_direct_connection

log = logging.getLogger(__name__)

MAX_SENT = 32  # parcels at a time, each on a thread that mostly waits for another host
POLL_SECONDS = 30  # in case an announcement is lost, or a process was killed
REFILL = MAX_SENT // 2  # wait for this many, as statements for one at a time would take longer than sending
PAUSE_SECONDS = 0.3  # between two looks while messages are posted all the time
RECONNECT_SECONDS = 2.0
MAX_IDLE_SECONDS = 5.0  # an idle connection, as making one takes longer than a look
FINISH_SECONDS = 5  # for what is being sent when the process ends; less than granian allows it


class Sending(NamedTuple):
    """A parcel on its way."""

    courier: Courier
    parcel: Any
    done: "Future[Any]"


class Deliverer(threading.Thread):
    """Sends deliveries until `stop`."""

    def __init__(self, poll_seconds: float = POLL_SECONDS) -> None:
        super().__init__(name="deliveries", daemon=True)
        self.poll_seconds = poll_seconds
        self.woken, self.stopping = threading.Event(), threading.Event()
        self.has_room = threading.Event()  # for more parcels, as REFILL of them have been sent
        self.sending: list[Sending] = []
        self.trouble = ""

    def wake(self) -> None:
        """Look for deliveries now; from any thread."""
        self.woken.set()

    def stop(self) -> None:
        """Make the deliverer finish what is being sent, for at most FINISH_SECONDS; return at once."""
        self.stopping.set()
        self.has_room.set()
        self.woken.set()

    def run(self) -> None:
        use_direct_connection()
        while not self.stopping.is_set():
            wait = self.attempt(self.work, RECONNECT_SECONDS)
            if not self.woken.wait(min(wait, MAX_IDLE_SECONDS)) and wait > MAX_IDLE_SECONDS:
                connections.close_all()
                self.woken.wait(wait - MAX_IDLE_SECONDS)
            self.has_room.wait(PAUSE_SECONDS)
            self.woken.clear()
            self.has_room.clear()
        self.attempt(self.end, None)
        connections.close_all()

    def run_once(self) -> None:
        """Send everything that is due now, in this thread and its senders."""
        while self.work() == 0 or self.sending:
            self.woken.wait(PAUSE_SECONDS)
            self.woken.clear()

    def attempt[Result](self, step: Callable[[], Result], otherwise: Result) -> Result:
        """Do a step; log one line for each outage of the database, and everything for any other error."""
        try:
            result = step()
            self.trouble = ""
            return result
        except Error as error:
            connections.close_all()
            if not self.trouble:
                self.trouble = str(error).strip().partition("\n")[0] or type(error).__name__
                log.warning("deliveries are waiting: %s", self.trouble)
        except Exception:
            log.exception("deliveries failed, and will be tried again")
        return otherwise

    def work(self) -> float:
        """Record what was sent, and send what is due; return after how many seconds to look again."""
        self.record()
        has_more = any([courier.prepare() for courier in couriers])  # noqa: C419 – of all of them
        waits = [self.collect(courier) for courier in couriers]
        return 0 if has_more else max(0, min(waits))

    def collect(self, courier: Courier) -> float:
        """Begin to send what is due; return after how many seconds to look again."""
        room = self.room_for(courier)
        if room <= 0 or len(self.sending) > MAX_SENT - REFILL:
            return self.poll_seconds  # or sooner: whatever has been sent wakes us
        wait = courier.deliveries.all().wait_for_next()
        if wait is None or wait > timedelta(0):
            return min(wait.total_seconds(), self.poll_seconds) if wait else self.poll_seconds
        for parcel in courier.collect(room):
            self.begin(courier, parcel)
        return 0

    def room_for(self, courier: Courier) -> int:
        """Return how many parcels of a courier may be begun now."""
        own = sum(each.courier is courier for each in self.sending)
        return min(MAX_SENT - len(self.sending), courier.max_parcels - own)

    def begin(self, courier: Courier, parcel: Any) -> None:
        sending = Sending(courier, parcel, Future())
        self.sending.append(sending)
        threading.Thread(target=self.send, args=[sending], name="sender", daemon=True).start()

    def send(self, sending: Sending) -> None:
        try:
            sending.done.set_result(sending.courier.send(sending.parcel))
        except BaseException as error:
            sending.done.set_exception(error)
        if sum(each.done.done() for each in list(self.sending)) >= REFILL:
            self.has_room.set()
        self.woken.set()

    def record(self) -> None:
        """Store what became of parcels; until that has worked, they are not forgotten."""
        for courier in couriers:
            sent = [each for each in self.sending if each.courier is courier and each.done.done()]
            if not sent:
                continue
            try:
                with transaction.atomic():
                    courier.record([(each.parcel, each.done.exception() or each.done.result()) for each in sent])
            except Error:
                raise
            except Exception:
                log.exception("what became of deliveries was not stored: they will be sent again")
            self.sending = [each for each in self.sending if each not in sent]

    def end(self) -> None:
        """Wait for what is being sent. The leases of the rest end by themselves, so another process sends it again."""
        deadline = time.monotonic() + FINISH_SECONDS
        while self.sending and time.monotonic() < deadline:
            time.sleep(PAUSE_SECONDS)
            self.record()
