"""`manage.py serve`: start the site, from an empty folder if need be."""

import errno
import multiprocessing
import signal
import socket
import time

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from granian.constants import Interfaces
from granian.http import HTTP1Settings, HTTP2Settings
from granian.log import LogLevels

from accounts.models import User
from chatsite import static
from chatsite.environment import HOST, PORT, WORKERS, site_address
from chatsite.files.unavailable import FilesRefused
from chatsite.postgres import database
from chatsite.postgres.migrating import migrate
from chatsite.server.limits import allow_many_connections
from chatsite.server.workers import Workers
from conversations.models.attachment import file_store

WORKER_STOP_SECONDS = 10
PORT_SECONDS = 3
RELOADING = {
    "reload": settings.DEBUG,
    "reload_ignore_dirs": ["var", ".venv"],
    "reload_ignore_worker_failure": settings.DEBUG,  # a syntax error waits until it is fixed
}
PROTOCOLS = {
    # The buffer is what each connection may hold of a body that nobody reads yet.
    "http1_settings": HTTP1Settings(header_read_timeout=15_000, max_buffer_size=64 * 1024),
    "http2_settings": HTTP2Settings(keep_alive_interval=20_000),  # ends clients that do not answer
}
# Granian logs as we do, without values.
FORMATTER = {"()": "logging.Formatter" if settings.DEBUG else "chatsite.server.logs.Formatter"}
FORMATS = dict.fromkeys(("generic", "access"), FORMATTER)
MAX_CONNECTIONS = 10_000  # to one worker, streams included; more wait to be accepted


class Command(BaseCommand):
    help = "Migrate the database, gather the static files, and serve the site until Ctrl-C or SIGTERM"
    requires_system_checks = []  # `migrate` runs them

    def handle(self, **options):
        fail_if_port_is_taken()
        fail_if_database_is_newer()
        self.stdout.write("Preparing the database and the static files …")
        migrate()
        self.check_files()
        if not settings.DEBUG:
            static.collect()
        multiprocessing.set_start_method("spawn")  # a forked worker would keep the code that is loaded here
        allow_many_connections()
        server = Workers(
            "chatsite.server.rsgi:server",
            address=HOST,
            port=PORT,
            interface=Interfaces.RSGI,
            websockets=False,
            workers=WORKERS,
            backpressure=MAX_CONNECTIONS,
            **PROTOCOLS,
            workers_kill_timeout=WORKER_STOP_SECONDS,
            respawn_failed_workers=True,
            **RELOADING,
            log_level=LogLevels.warning,
            log_dictconfig={"formatters": FORMATS},
        )
        server.on_startup(lambda: self.stdout.write(welcome()))
        # A closed terminal stops the server as Ctrl-C does; granian would restart its workers.
        server.on_startup(lambda: signal.signal(signal.SIGHUP, server.signal_handler_interrupt))
        with database.watched():
            server.serve()

    def check_files(self):
        """Fail if FILES_URL is wrong; warn if the files are unavailable or belong to another database."""
        try:
            if not file_store.is_ours():
                self.stderr.write(f"Warning: {file_store.ForeignStore()}.")
        except FilesRefused as error:
            raise CommandError(f"{error}: is FILES_URL right, and does the bucket exist?") from error
        except OSError as error:
            self.stderr.write(f"Warning: the stored files are unavailable: {error}. The site starts without them.")


def fail_if_port_is_taken() -> None:
    """Raise CommandError unless the port is free; wait for workers that outlive a killed server for a moment."""
    family = socket.AF_INET6 if ":" in HOST else socket.AF_INET
    deadline = time.monotonic() + PORT_SECONDS
    while True:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                return probe.bind((HOST, PORT))
            except OSError as error:
                advice = "try PORT=8001 make serve" if error.errno == errno.EADDRINUSE else "is HOST right?"
                if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                    raise CommandError(f"can't serve on {HOST} port {PORT}: {error.strerror}; {advice}") from error
        time.sleep(0.1)


def fail_if_database_is_newer() -> None:
    loader = MigrationLoader(connection)
    missing = sorted(set(loader.applied_migrations) - set(loader.disk_migrations))
    unknown = [f"{app}.{name}" for app, name in missing if app in loader.migrated_apps]
    if unknown:
        raise CommandError(f"the database is newer than this code ({unknown[-1]}): update Chatsite, then start again")


def welcome() -> str:
    lines = [f"Chatsite is at {site_address()} (stop it with Ctrl-C)"]
    if User.objects.is_new_workspace():
        lines.append("Nobody is here yet: open that address and sign up. The first account becomes the owner.")
    connection.close()
    return "\n".join(lines)
