"""The running site loads no trials; only their own commands and tests import them."""

import ast
import subprocess
import sys

import pytest
from django.conf import settings

from chatsite.trials.client.site import environment

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "chatsite.settings",
    "SITE_URL": "https://chat.example.org",
    "SECRET_KEY": "x" * 50,
    "DATABASE_URL": "postgresql://nobody:nothing@localhost/nowhere",
}
# Everything that a worker loads, and the command that starts it.
BOOT = """
import sys
import django
django.setup()
from django.core.management import get_commands, load_command_class
from django.urls import get_resolver
get_resolver().url_patterns
load_command_class(get_commands()["serve"], "serve")
import chatsite.server.rsgi
import chatsite.wsgi
print(*sys.modules, sep="\\n")
"""


def loaded(program, **variables):
    command = [sys.executable, "-c", program]
    where = {"cwd": settings.BASE_DIR, "env": environment(**PRODUCTION, **variables), "timeout": 60}
    return subprocess.run(command, capture_output=True, text=True, check=True, **where).stdout.split()


def is_for_trials(module):
    return module.startswith("chatsite.trials.") or module.partition(".")[0] == "playwright"


def modules():
    for path in sorted(settings.BASE_DIR.glob("[a-z]*/**/*.py")):
        yield path.relative_to(settings.BASE_DIR)


def imports(path):
    for node in ast.walk(ast.parse((settings.BASE_DIR / path).read_text())):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def is_test(path):
    return "tests" in path.parts or path.name == "conftest.py"


def imported_trials(paths):
    return {(str(path), name) for path in paths for name in imports(path) if name.startswith("chatsite.trials")}


def test_the_running_site_loads_neither_trials_nor_playwright(tmp_path):
    found = loaded(BOOT, VAR_DIR=str(tmp_path))
    assert {"chatsite.trials", "chatsite.urls", "conversations.models", "granian"} <= set(found)
    assert [module for module in found if is_for_trials(module)] == []


@pytest.mark.parametrize("command", ["benchmark", "soak", "screenshots"])
def test_loading_a_command_of_the_trials_does_not_load_playwright(command, tmp_path):
    load = f"""load_command_class("chatsite.trials", "{command}")\nprint("""
    found = loaded(BOOT.replace("print(", load), VAR_DIR=str(tmp_path))
    assert f"chatsite.trials.management.commands.{command}" in found
    assert not any(module.startswith("playwright") for module in found)


def test_only_tests_import_the_trials():
    paths = [path for path in modules() if path.parts[:2] != ("chatsite", "trials")]
    assert imported_trials(path for path in paths if is_test(path))
    assert imported_trials(path for path in paths if not is_test(path)) == set()


def test_tests_outside_the_trials_import_only_the_client():
    paths = [path for path in modules() if is_test(path) and path.parts[:2] != ("chatsite", "trials")]
    found = imported_trials(paths)
    assert found
    assert {each for each in found if not each[1].startswith("chatsite.trials.client.")} == set()


def test_the_client_imports_no_other_part_of_the_trials():
    found = imported_trials(path for path in modules() if path.parts[:3] == ("chatsite", "trials", "client"))
    assert found
    assert {each for each in found if not each[1].startswith("chatsite.trials.client.")} == set()
