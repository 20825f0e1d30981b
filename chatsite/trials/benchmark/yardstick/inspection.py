"""Reports of a benchmarked worker on requests with a certain header: statements, plans, a profile."""

import cProfile
import io
import json
import pstats
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

HEADER = "X-Inspect"
SENT = "HTTP_X_INSPECT"  # the same, as WSGI names it
LARGE = "SELECT relname FROM pg_class WHERE reltuples > 1000 AND relkind = 'r'"
HOLE = re.compile(r"%\((\w+)\)s")
SHOWN = 25  # lines of a profile


class InspectionMiddleware:
    """Answer a request that has the header with a report in place of the page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.profile = cProfile.Profile()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match request.META.get(SENT):
            case "statements":
                return self.statements(request)
            case "profile":
                return self.profiled(request)
            case "report":
                return self.report()
        return self.get_response(request)

    def statements(self, request: HttpRequest) -> HttpResponse:
        """Report how many statements were executed, and which large tables their plans read as a whole."""
        executed: list[tuple[str, Any]] = []

        def record(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
            executed.append((sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(record):
            status = self.get_response(request).status_code
        found = {"status": status, "count": len(executed), "whole": sorted(read_whole(executed))}
        return HttpResponse(json.dumps(found), "application/json")

    def profiled(self, request: HttpRequest) -> HttpResponse:
        self.profile.enable()
        try:
            return self.get_response(request)
        finally:
            self.profile.disable()

    def report(self) -> HttpResponse:
        """Report where the time of the requests since the last report went."""
        output = io.StringIO()
        pstats.Stats(self.profile, stream=output).strip_dirs().sort_stats("tottime").print_stats(SHOWN)
        self.profile = cProfile.Profile()
        return HttpResponse(output.getvalue(), "text/plain")


def read_whole(executed: list[tuple[str, Any]]) -> Iterator[str]:
    """Yield the large tables that the plans of these statements read as a whole."""
    with raw_cursor() as cursor:
        large = {name for (name,) in cursor.execute(LARGE).fetchall()}
        for sql, params in executed:
            if not sql.lstrip().startswith(("SELECT", "WITH")):
                continue
            # Prepared statements are planned without their values, others with them.
            if isinstance(params, dict):
                names = list(dict.fromkeys(HOLE.findall(sql)))
                text = HOLE.sub(lambda match: f"${names.index(match[1]) + 1}", sql).replace("%%", "%")  # noqa: B023
                cursor.execute(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {text}")
            else:
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
            yield from large & set(scans(cursor.fetchone()[0][0]["Plan"]))


def scans(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for inner in node.get("Plans", []):
        yield from scans(inner)


@contextmanager
def raw_cursor() -> Iterator[Any]:
    with connection.cursor() as cursor:
        yield cursor.cursor
