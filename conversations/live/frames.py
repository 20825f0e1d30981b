"""Server-sent events as bytes."""

WELCOME = b"retry: 1000\n: welcome\n\n"
HEARTBEAT = b": still here\n\n"
GOODBYE = b"event: goodbye\nretry: 100\ndata: reconnect\n\n"
# For the oldest stream of a person who has too many: if all of them are in use, they take turns slowly.
TOO_MANY = b"event: goodbye\nretry: 30000\ndata: reconnect\n\n"


def frame(event: str, data: str) -> bytes:
    """Write an event without its end, which `with_cursors` adds."""
    lines = "".join(f"data: {line}\n" for line in data.splitlines() or [""])
    return f"event: {event}\n{lines}".encode()


def with_cursors(unfinished: bytes, cursors: dict[int, int]) -> bytes:
    """End an event with the cursors that a reconnect sends back as Last-Event-ID: one per conversation."""
    return unfinished + f"id: {write_cursors(cursors)}\n\n".encode()


def write_cursors(cursors: dict[int, int]) -> str:
    return " ".join(f"{conversation}.{revision}" for conversation, revision in cursors.items())


def read_cursors(words: str) -> dict[int, int]:
    """Read what `write_cursors` wrote; raise ValueError for other words."""
    pairs = (word.split(".") for word in words.split())
    return {int(conversation): int(revision) for conversation, revision in pairs}
