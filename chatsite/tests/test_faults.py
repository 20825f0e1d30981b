"""Each foreseeable fault ends in one line that says what to do."""

import os
import shutil
import socket
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings

from chatsite.postgres import cluster, embedded
from chatsite.trials.client.site import environment, free_port

LONG_KEY = "k" * 50
SITE = {"SITE_URL": "https://chat.example.org"}


def one_line(done):
    """Check that a command failed with one line, and return the line."""
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    [line] = done.stderr.strip().splitlines()
    return line


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"PORT": "http"}, "PORT"),
        ({"PORT": "99999"}, "PORT must be between 1 and 65535"),
        ({"DEBUG": "maybe"}, "DEBUG"),
        ({"WORKERS": "two"}, "WORKERS"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must look like postgresql://"),
        ({"DATABASE_URL": "postgresql://"}, "DATABASE_URL must look like postgresql://"),
        ({"FILES_URL": "/srv/files"}, "FILES_URL must look like s3://key:secret@s3.example.org/bucket"),
        ({"FILES_URL": "s3://s3.example.org/bucket"}, "FILES_URL must look like s3://"),
        ({"FILES_URL": "s3://key:secret@s3.example.org/"}, "FILES_URL must look like s3://"),
        ({"HOST": "nohost.invalid"}, "is HOST right?"),
        ({"PROXIES": "-1"}, "PROXIES must be 0 or more"),
        ({"DEBUG": "1", "HOST": "0.0.0.0"}, "others can reach HOST=0.0.0.0"),  # noqa: S104 – it must not start
        ({"DEBUG": "1", "HOST": "::"}, "others can reach HOST=::"),
        ({"DEBUG": "1", "HOST": "chat.example.org"}, "others can reach HOST=chat.example.org"),
        ({"SITE_URL": "chat.example.org"}, "SITE_URL must look like https://chat.example.org"),
        ({"SITE_URL": "https://*"}, "SITE_URL must look like"),
        (SITE, "SECRET_KEY is missing"),
        (SITE | {"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        (SITE | {"SECRET_KEY": LONG_KEY, "DEBUG": "1"}, "DEBUG shows strangers"),
        ({"TRUSTED_NETWORKS": "the office"}, "TRUSTED_NETWORKS must look like 192.0.2.0/24"),
        ({"HOOKS_MAY_CALL": "10.0.0.0/33"}, "HOOKS_MAY_CALL must look like 10.0.0.0/8,ci.lan:8080"),
        ({"PUSH_SERVICES": "push.example.org"}, "PUSH_SERVICES must look like https://push.example.org"),
        ({"OIDC_ISSUER": "http://localhost.evil.example"}, "OIDC_ISSUER must be an https:// address"),
        ({"DATABASE_URL": "postgresql://localhost:1/none"}, "the database does not answer"),
    ],
)
def test_an_invalid_setting_is_named(manage, tmp_path, variables, words):
    line = one_line(manage("serve", **{"VAR_DIR": str(tmp_path), "PORT": str(free_port())} | variables))
    assert words in line


def test_a_database_without_tables_is_named(manage, tmp_path):
    line = one_line(manage("silent_users", VAR_DIR=str(tmp_path)))
    assert "run `make serve` or `manage.py migrate` first" in line


def test_an_empty_variable_counts_as_unset(manage):
    done = manage(
        "shell", "-v0", "-c", "from chatsite.environment import *; print(HOST, VAR.name)", HOST="", VAR_DIR=""
    )
    assert done.stdout == "127.0.0.1 var\n"


def test_only_this_machine_reaches_the_port_unless_a_host_is_set(manage, tmp_path):
    site = SITE | {"SECRET_KEY": LONG_KEY, "VAR_DIR": str(tmp_path)}
    show = "shell", "-v0", "-c", "from chatsite.environment import HOST; print(HOST)"
    assert manage(*show, **site).stdout == "127.0.0.1\n"
    assert manage(*show, **site, HOST="192.0.2.1").stdout == "192.0.2.1\n"


def test_the_secrets_of_a_storage_are_not_shown(manage, tmp_path):
    line = one_line(manage("check", FILES_URL="s3://key:top-secret@s3.example.org/", VAR_DIR=str(tmp_path)))
    assert "top-secret" not in line


def test_a_taken_port_is_named(manage, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = one_line(manage("serve", VAR_DIR=str(tmp_path), PORT=str(port)))
    assert f"port {port}" in line
    assert "try PORT=" in line


def test_a_database_newer_than_the_code_is_left_alone(manage, tmp_path):
    variables = {"VAR_DIR": str(tmp_path), "PORT": str(free_port())}
    assert manage("migrate", **variables).returncode == 0
    with (
        embedded.running(tmp_path / "postgres"),
        psycopg.connect(**cluster.connection(tmp_path / "postgres")) as database,
    ):
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('conversations', '9999_future', now())"
        )
    line = one_line(manage("serve", **variables))
    assert "newer than this code" in line
    assert "9999_future" in line


def test_a_wrong_password_file_is_named(manage, tmp_path):
    with embedded.running(tmp_path / "postgres"):
        password = tmp_path / "postgres" / "password"
        right = password.read_text()
        password.write_text("another")
        line = one_line(manage("migrate", VAR_DIR=str(tmp_path)))
        password.write_text(right)
    assert str(tmp_path / "postgres" / "password") in line


def test_a_folder_that_cannot_be_created_is_named(manage, tmp_path):
    (tmp_path / "file").write_text("")
    line = one_line(manage("serve", VAR_DIR=str(tmp_path / "file" / "var")))
    assert str(tmp_path / "file") in line


def test_a_full_disk_is_named(tmp_path):
    if sys.platform != "linux" or subprocess.run(["unshare", "-Urm", "true"], check=False).returncode:
        pytest.skip("mounting a small file system needs Linux's user namespaces, which are not allowed here")
    script = f"mount -t tmpfs -o size=4m none {tmp_path} && exec {sys.executable} manage.py serve"
    where = {"cwd": settings.BASE_DIR, "env": environment(VAR_DIR=str(tmp_path), PORT=str(free_port()))}
    done = subprocess.run(["unshare", "-Urm", "sh", "-c", script], capture_output=True, text=True, check=False, **where)
    assert "the disk is full" in one_line(done)


def test_an_old_python_is_named():
    old = next(filter(None, map(shutil.which, ["python3.11", "python3.10", "python3.9"])), None)
    if old is None or subprocess.run([old, "-c", ""], check=False, capture_output=True).returncode:
        pytest.skip("there is no Python older than 3.12 on this machine")
    done = subprocess.run(
        [old, "manage.py", "serve"], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert "needs Python 3.12 or newer" in one_line(done)


def test_production_checks_pass(manage):
    done = manage("check", "--deploy", "--fail-level=WARNING", **SITE, SECRET_KEY=os.urandom(40).hex())
    assert done.returncode == 0, done.stderr
