"""Health checks for load balancers and supervisors, which may ask by IP address and without a session."""

import shutil
from collections.abc import Callable, Iterator
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

from accounts.models.visit import address_of
from chatsite.deliveries.courier import couriers
from chatsite.environment import DATABASE_URL
from chatsite.jobs.models import Job
from conversations.live.hearing import hearing

MIN_FREE_BYTES = 32_000_000  # PostgreSQL needs 16 MB for its next WAL segment
READ_ONLY = "SELECT current_setting('transaction_read_only') = 'on'"


class HealthMiddleware:
    """Answer health checks before anything looks at the host name, the session or the person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if check := CHECKS.get(request.path_info):
            return check(request)
        return self.get_response(request)


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process is alive, whatever the state of the database."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer whether the site is usable: it can write, has the schema of this code, and hears announcements.

    Everything else is a detail, never the status: a failing mail server must not take a machine out of the balancer.
    Only requests from this machine get details: the number of jobs reveals which addresses receive password reset mail.
    """
    try:
        fault = next(faults(), None)
        is_ours = ip_address(address_of(request)).is_loopback
        lines = [fault] if fault else ["ok", *(details() if is_ours else [])]
    except DatabaseError:
        fault, lines = "", ["the database does not answer"]
    answer = HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain")
    answer.status_code = 200 if fault is None else 503
    answer._has_been_logged = True  # type: ignore[attr-defined]  # else Django would log each probe
    return answer


def faults() -> Iterator[str]:
    """Yield what keeps the site from being used, the cheapest question first."""
    if not DATABASE_URL and shutil.disk_usage(settings.VAR).free < MIN_FREE_BYTES:
        yield "the disk is full"
    with connection.cursor() as cursor:
        cursor.execute(READ_ONLY)
        if cursor.fetchone()[0]:
            yield "the database is read-only"
    if not schema.is_migrated():
        yield "migrations are pending"
    if not hearing.is_current:
        yield "announcements are not heard"


def details() -> Iterator[str]:
    """Yield what an operator may want to know about a working site."""
    yield f"jobs: {jobs()}"
    yield f"deliveries: {deliveries()}"
    yield f"disk: {shutil.disk_usage(settings.VAR).free / 1e9:.1f} GB free"
    if hearing.lag_seconds is not None:
        yield f"announcements: heard after {hearing.lag_seconds * 1000:.0f} ms"
    if hearing.clocks_differ:
        yield f"clocks: that of the database differs from ours by {hearing.clock_difference:+.0f} s"


def jobs() -> str:
    """Say how many jobs there are, if their table can be read now."""
    try:
        with transaction.atomic():
            counts = Job.objects.counts()
    except DatabaseError:
        return "not known"
    return ", ".join(f"{state} {count}" for state, count in counts.items())


def deliveries() -> str:
    """Say since when the oldest delivery has been due, if that can be read now."""
    try:
        with transaction.atomic():
            managers = {courier.deliveries.model._default_manager for courier in couriers}
            late = max((late for each in managers if (late := each.all().lateness())), default=None)
    except DatabaseError:
        return "not known"
    return "none is due" if late is None else f"the oldest has been due for {late.total_seconds():.0f} s"


class Schema:
    """Whether the database has all migrations of this code; remembered, because the check loads all of them."""

    def __init__(self) -> None:
        self.was_migrated = False

    def is_migrated(self) -> bool:
        if not self.was_migrated:
            executor = MigrationExecutor(connection)
            self.was_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        return self.was_migrated


schema = Schema()
CHECKS = {"/healthz": healthz, "/readyz": readyz}
