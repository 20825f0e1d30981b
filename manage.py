#!/usr/bin/env python
"""Every chore of Chatsite is a command of this program: `manage.py help` lists them."""

import os
import signal
import sys

if sys.version_info < (3, 12):  # noqa: UP036 – whoever calls this by hand may have another Python
    sys.exit("chatsite: this needs Python 3.12 or newer; `make serve` gets one")


def main() -> None:
    """Run a command, with the embedded PostgreSQL under it unless DATABASE_URL names another."""
    from django.core.management import execute_from_command_line
    from django.db import Error

    from chatsite.postgres import database
    from chatsite.server.logs import Formatter

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatsite.settings")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))  # so that PostgreSQL stops as well
    with database.running():
        try:
            execute_from_command_line(sys.argv)
        except BrokenPipeError:  # the reader of our output has closed it
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except Error as error:
            if advice := database.advice_on(error):
                sys.exit(f"chatsite: {advice}")
            sys.exit(Formatter().formatException(sys.exc_info()))  # which quotes no rows, as logs store what we print


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
