"""Health checks for load balancers and supervisors."""

from ipaddress import ip_address

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

from accounts.models.visit import address_of
from chatsite.jobs.models import Job
from conversations.live import listening


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process is alive, whatever the state of the database."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer whether the database responds, has the schema of this code, and announces changes.

    The number of jobs is only a detail, never the status: a failing mail server must not take a machine out of the
    balancer. Only requests from this machine get it: it would reveal which addresses receive password reset mail.
    """
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return HttpResponse("migrations are pending\n", status=503, content_type="text/plain")
    if not listening.state.is_listening:
        return HttpResponse("announcements are not heard\n", status=503, content_type="text/plain")
    if not ip_address(address_of(request)).is_loopback:
        return HttpResponse("ok\n", content_type="text/plain")
    return HttpResponse(f"ok\njobs: {jobs()}\n", content_type="text/plain")


def jobs() -> str:
    """Say how many jobs there are, if their table can be read now."""
    try:
        with transaction.atomic():
            counts = Job.objects.counts()
    except DatabaseError:
        return "not known"
    return ", ".join(f"{state} {count}" for state, count in counts.items())
