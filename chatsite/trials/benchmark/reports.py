"""Request reports from a worker on single requests: statements and plans, or a profile."""

import json
from typing import Any

from chatsite.trials.benchmark.load import apply_load
from chatsite.trials.benchmark.requests import Kind
from chatsite.trials.benchmark.yardstick.inspection import HEADER

SECONDS_PROFILED = 4


async def inspect(port: int, kind: Kind) -> dict[str, Any]:
    """Request a page once; return {status, count: statements, whole: the large tables that their plans read whole}."""
    return json.loads(await answer_to(port, inspected(next(kind.requests), "statements")))


async def profile(port: int, kind: Kind) -> str:
    """Request pages one after the other; return a report of where the time went."""
    requests = (inspected(request, "profile") for request in kind.requests)
    await apply_load(port, requests, kind.is_right, connections=1, seconds=SECONDS_PROFILED)
    return await answer_to(port, inspected(next(kind.requests), "report"))


async def answer_to(port: int, request: bytes) -> str:
    """Send one request; return the body of its answer."""
    answers: list[bytes] = []

    def store(status: int, answer: bytes) -> bool:
        answers.append(answer)
        return status == 200

    await apply_load(port, iter([request]), store, connections=1, seconds=0)
    return answers[0].partition(b"\r\n\r\n")[2].decode()


def inspected(request: bytes, report: str) -> bytes:
    """Add the header that asks for a report to a request."""
    return request.replace(b"\r\n", f"\r\n{HEADER}: {report}\r\n".encode(), 1)
