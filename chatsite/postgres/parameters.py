"""The settings of the embedded PostgreSQL."""

from contextlib import suppress
from pathlib import Path

import psutil


def memory() -> int:
    """Return the memory of this machine, or the limit of its container, in MiB."""
    found = psutil.virtual_memory().total
    with suppress(OSError, ValueError):  # no such file, or it says "max"
        found = min(found, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return found // 2**20


SETTINGS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "max_connections": 100,
    # A search in ten million messages reads thousands of pages, and each takes longer from the system's cache.
    "shared_buffers": f"{min(max(memory() // 4, 64), 4096)}MB",
    "effective_cache_size": f"{max(memory() // 2, 256)}MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "random_page_cost": 1.1,  # with 4, an inbox of 500 conversations reads the whole table of conversations
    "jit": "off",
    "max_wal_size": "4GB",
    "min_wal_size": "512MB",
    "checkpoint_timeout": "15min",  # most bytes that posting writes are whole-page images after a checkpoint
    "autovacuum_naptime": "20s",
    "track_io_timing": "on",
    "log_min_error_statement": "panic",  # statements contain people's messages, which must not be logged
    "log_error_verbosity": "terse",
}
