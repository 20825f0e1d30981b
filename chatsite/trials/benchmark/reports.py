"""Ask a worker for its reports on single requests: statements and plans, or a profile."""

import json
from typing import Any

from chatsite.trials.benchmark.load import put
from chatsite.trials.benchmark.requests import Kind
from chatsite.trials.benchmark.yardstick.inspection import HEADER

SECONDS_PROFILED = 4


async def inspect(port: int, kind: Kind) -> dict[str, Any]:
    """Ask once: give {status, count of statements, whole: the large tables that their plans read whole}."""
    return json.loads(await answer_to(port, inspected(next(kind.requests), "statements")))


async def profile(port: int, kind: Kind) -> str:
    """Ask for pages one after the other, and report where the time went."""
    requests = (inspected(request, "profile") for request in kind.requests)
    await put(port, requests, kind.is_right, connections=1, seconds=SECONDS_PROFILED)
    return await answer_to(port, inspected(next(kind.requests), "report"))


async def answer_to(port: int, request: bytes) -> str:
    """Send one request, give the body of its answer."""
    answers: list[bytes] = []

    def note(status: int, answer: bytes) -> bool:
        answers.append(answer)
        return status == 200

    await put(port, iter([request]), note, connections=1, seconds=0)
    return answers[0].partition(b"\r\n\r\n")[2].decode()


def inspected(request: bytes, report: str) -> bytes:
    """Add the header to a request that asks for a report on it."""
    return request.replace(b"\r\n", f"\r\n{HEADER}: {report}\r\n".encode(), 1)
