"""An upgrade by `manage.py serve` while somebody uses the database."""

import time
from concurrent.futures import ThreadPoolExecutor

from chatsite.tests.upgrading.databases import restore, scratch, server, url
from chatsite.trials.client.site import SECONDS_TO_START, Site

LINE = "A table is in use, perhaps by a backup or a vacuum. The migration is tried again …"


def let_go_once_it_waits(site, reader):
    """End the reader's transaction after the line about it was printed; return what was printed until then."""
    deadline = time.monotonic() + SECONDS_TO_START
    while LINE not in (printed := site.log.read_text() if site.log.exists() else ""):
        assert time.monotonic() < deadline, printed
        time.sleep(0.05)
    reader.execute("ROLLBACK")
    return printed


def test_a_start_tries_again_until_nobody_uses_a_table_for_long(tmp_path, django_db_blocker):
    with scratch("used") as name, django_db_blocker.unblock():
        restore(name)
        site = Site(tmp_path / "var")
        with server(name) as reader, ThreadPoolExecutor(1) as pool:
            reader.execute("BEGIN; SELECT count(*) FROM messages")  # and stays in its transaction
            printed = pool.submit(let_go_once_it_waits, site, reader)
            try:
                site.start(DATABASE_URL=url(name))
                assert "Chatsite is at" not in printed.result()
            finally:
                code, output = site.stop()
        with server(name) as here:
            assert here.execute("SELECT * FROM pg_locks WHERE locktype = 'advisory'").fetchall() == []
    assert code == 0, output
    assert "Traceback" not in output
