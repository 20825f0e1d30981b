"""Advice on the settings of PostgreSQL and this machine, with reasons."""

import resource
from collections.abc import Iterator
from dataclasses import dataclass

import psutil
from django.db import connection

from chatsite import environment
from chatsite.postgres import parameters

MEGABYTE = 2**20
SETTINGS = """
SELECT name, setting, CASE unit WHEN '8kB' THEN 8192 WHEN 'kB' THEN 1024 WHEN 'MB' THEN 1048576 ELSE 1 END
FROM pg_settings WHERE name = ANY(%s)
"""
NEVER_ANALYZED = """
SELECT relname FROM pg_stat_user_tables
WHERE n_live_tup > 10000 AND last_analyze IS NULL AND last_autoanalyze IS NULL ORDER BY 1
"""
INVALID = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid ORDER BY 1"
MUST_BE_ON = {
    "fsync": "a power cut may destroy the database",
    "full_page_writes": "a power cut may destroy the database",
    "synchronous_commit": "a crash may lose messages that were already shown as sent",
    "autovacuum": "tables and indexes grow without limit, and plans become wrong",
}
# What PostgreSQL may log of a failed or slow statement, which contains messages, searches and rows.
PRIVATE = {
    "log_min_error_statement": (("panic", "fatal"), "panic", "the text of failed statements is logged"),
    "log_error_verbosity": (("terse",), "terse", "the rows that a failed statement would have written are logged"),
    "log_statement": (("none", "ddl"), "none", "the text of statements is logged"),
    "log_min_duration_statement": (("-1",), "-1", "the text of slow statements is logged"),
    "log_min_duration_sample": (("-1",), "-1", "the text of slow statements is logged"),
    "log_transaction_sample_rate": (("0",), "0", "the text of some statements is logged"),
    "log_parameter_max_length_on_error": (("0",), "0", "the values of failed statements are logged"),
}
# The lowest good value, in bytes or seconds.
AT_LEAST = {
    "work_mem": (8 * MEGABYTE, "searches and reports sort on disk"),
    "maintenance_work_mem": (128 * MEGABYTE, "cleaning up and making indexes take several passes"),
    "max_wal_size": (2048 * MEGABYTE, "checkpoints come often, and after each one posting writes whole pages"),
    "checkpoint_timeout": (600, "checkpoints come often, and after each one posting writes whole pages"),
}
OTHERS = ("shared_buffers", "effective_cache_size", "random_page_cost", "jit", "max_connections")
CONNECTIONS_OF_A_WORKER = 18  # 12 for pages, 1 that listens, 3 to fetch jobs, 2 to run them
MIN_FILES = 4096  # that a busy worker has open: each stream is one


@dataclass(frozen=True)
class Advice:
    """One setting to change."""

    setting: str
    now: str
    better: str
    why: str


def advice() -> list[Advice]:
    """Compare the current settings with those that suit the site on this machine."""
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS, [[*MUST_BE_ON, *PRIVATE, *AT_LEAST, *OTHERS]])
        found = {name: (setting, unit) for name, setting, unit in cursor.fetchall()}
        cursor.execute(NEVER_ANALYZED)
        tables = [name for (name,) in cursor.fetchall()]
        cursor.execute(INVALID)
        indexes = [name for (name,) in cursor.fetchall()]
    settings = [*switch_advice(found), *privacy_advice(found), *size_advice(found)]
    return [*settings, *plan_advice(found, tables, indexes), *machine_advice(found)]


def switch_advice(found: dict[str, tuple[str, int]]) -> Iterator[Advice]:
    for name, why in MUST_BE_ON.items():
        if found[name][0] == "off":
            yield Advice(name, "off", "on", why)


def privacy_advice(found: dict[str, tuple[str, int]]) -> Iterator[Advice]:
    for name, (good, better, why) in PRIVATE.items():
        if found[name][0] not in good:
            yield Advice(name, found[name][0], better, f"{why}, with what people wrote")


def size_advice(found: dict[str, tuple[str, int]]) -> Iterator[Advice]:
    # The memory of a remote server is unknown: assume that it has at least as much as this machine.
    memory = parameters.memory() * MEGABYTE
    least = AT_LEAST | {
        "shared_buffers": (min(max(memory // 4, 64 * MEGABYTE), 4096 * MEGABYTE), "hot data is read again and again"),
        "effective_cache_size": (memory // 2, "the planner underestimates indexes"),
    }
    for name, (wanted, why) in least.items():
        current = int(found[name][0]) * found[name][1]
        if current < wanted * 0.9:
            yield Advice(name, formatted(name, current), formatted(name, wanted), why)


def plan_advice(found: dict[str, tuple[str, int]], tables: list[str], indexes: list[str]) -> Iterator[Advice]:
    cost = found["random_page_cost"][0]
    if float(cost) > 2:
        yield Advice("random_page_cost", cost, "1.1", "whole tables are read instead of indexes")
    if found["jit"][0] == "on":
        yield Advice("jit", "on", "off", "compiling a search takes longer than answering it")
    for table in tables:
        yield Advice(f"table {table}", "never analysed", f"ANALYZE {table}", "its plans are guesses")
    for index in indexes:
        yield Advice(f"index {index}", "not valid", f"REINDEX INDEX {index}", "it costs each write and serves no query")


def machine_advice(found: dict[str, tuple[str, int]]) -> Iterator[Advice]:
    workers = environment.WORKERS
    cores = len(psutil.Process().cpu_affinity()) if psutil.LINUX else psutil.cpu_count()
    connections = int(found["max_connections"][0])
    wanted = (workers + 1) * CONNECTIONS_OF_A_WORKER + 10
    if connections < wanted:
        yield Advice("max_connections", str(connections), str(wanted), f"{workers} workers may need that many")
    if workers > cores:
        yield Advice("WORKERS", str(workers), str(cores), "more processes than cores only cost memory")
    elif workers == 1 and cores > 2:
        yield Advice("WORKERS", "1", str(cores - 1), f"one process uses one of {cores} cores; PostgreSQL needs another")
    _, files = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files != resource.RLIM_INFINITY and files < MIN_FILES:
        yield Advice("open files (ulimit -Hn)", str(files), str(MIN_FILES), "each open page needs an open file")


def formatted(name: str, value: float) -> str:
    return f"{value:.0f} s" if name == "checkpoint_timeout" else f"{value / MEGABYTE:,.0f} MB"
