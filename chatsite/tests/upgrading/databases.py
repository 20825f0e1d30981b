"""Databases for one test, empty, restored from a dump or copied, and their schemas, as described by pg_dump."""

import gzip
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections
from psycopg import sql

from chatsite.postgres import database
from chatsite.postgres.cluster import BINARIES
from chatsite.postgres.migrating import IN_USE

MAX_TRIES = 5
RELEASE = Path(__file__).with_name("release_0_1")
SCHEMA = ("--schema-only", "--no-owner", "--no-privileges")
NOISE = ("--", "SET ", "SELECT pg_catalog.set_config", "\\")  # comments, session settings, psql's own commands


def server(name="postgres"):
    """Connect to a database of the server that the tests use, outside Django."""
    return psycopg.connect(**parameters(name), autocommit=True)


def parameters(name):
    ours = connection.settings_dict
    names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
    return {libpq: ours[django] for django, libpq in names.items() if ours.get(django)} | {"dbname": name}


def url(name):
    """Return how to connect, in the form of DATABASE_URL."""
    values = {"port": "", "password": "", **parameters(name)}
    user, password, host = (quote(str(values[part]), safe="") for part in ("user", "password", "host"))
    return f"postgresql://{user}:{password}@{host}:{values['port']}/{name}"


@contextmanager
def scratch(name, template="template1") -> Iterator[str]:
    """Create a temporary database, empty or as a copy of another; yield its name."""
    name = f"test_{name}_{os.getpid()}"
    with server() as postgres:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        postgres.execute(drop)
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        postgres.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield name
        finally:
            postgres.execute(drop)


@contextmanager
def django_on(name) -> Iterator[None]:
    """Let Django use another database during the `with` block."""
    ours = connections[DEFAULT_DB_ALIAS]
    ours.close()
    # One of its own: after an error it may be closed within a transaction, and then cannot be used again.
    other = connections[DEFAULT_DB_ALIAS] = connections.create_connection(DEFAULT_DB_ALIAS)
    other.settings_dict = ours.settings_dict | {"NAME": name}
    try:
        yield
    finally:
        other.close()
        connections[DEFAULT_DB_ALIAS] = ours


def migrate(name, **options):
    """Migrate a database as a start of the site does: again if a table was in use, such as by a vacuum."""
    for left in reversed(range(MAX_TRIES)):
        try:
            with django_on(name):
                call_command("migrate", **options)
            break
        except OperationalError as error:
            if not left or database.sqlstate(error) not in IN_USE:
                raise


def run(program, name, *arguments, **options):
    """Run one of PostgreSQL's programs on a database; return its output."""
    libpq = {f"PG{key.upper()}": value for key, value in parameters(name).items()}
    environment = os.environ | libpq | {"PGDATABASE": libpq.pop("PGDBNAME")}
    command = [BINARIES / program, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, **options)
    assert not done.returncode, done.stderr[-2000:]
    return done.stdout


def schema(name):
    """Describe everything in a database except its rows, as a list of lines."""
    return meaningful_lines(run("pg_dump", name, *SCHEMA))


def schema_once_restored(name):
    """Describe a database as it would be once restored, because PostgreSQL then writes some expressions differently."""
    with scratch("restored") as copy:
        psql(copy, run("pg_dump", name, *SCHEMA))
        return schema(copy)


def meaningful_lines(dump):
    return [line.rstrip() for line in dump.splitlines() if line.strip() and not line.startswith(NOISE)]


def restore(name):
    """Fill an empty database with the dump of a small one of release 0.1."""
    with gzip.open(RELEASE / "database.sql.gz", "rt") as dump:
        psql(name, dump.read())


def psql(name, statements):
    run("psql", name, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", input=statements)
