"""Each package that the code imports is declared, in the group that needs it, and locked."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from django.core.management import CommandError, call_command

from chatsite.tests.code import FOLDERS, MODULES, PROJECT, TESTS, listed

DECLARED = tomllib.loads((PROJECT / "pyproject.toml").read_text())
DISTRIBUTIONS = packages_distributions()
# Modules that may import a missing package: they report it, or are loaded only while debugging.
FOR_DEVELOPMENT = {
    "chatsite.trials.showcase.screenshots": {"playwright"},
    "chatsite.trials.showcase.workspace": {"playwright"},
    "chatsite.urls": {"django-debug-toolbar"},
}


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements):
    return {normal(re.match(r"[\w.-]+", requirement)[0]) for requirement in requirements}


RUNNING = names(DECLARED["project"]["dependencies"])
DEVELOPMENT = names(DECLARED["dependency-groups"]["development"])


def packages(module):
    """Return the packages that a module imports from."""
    tops = {name.partition(".")[0] for name in module.imports} - set(sys.stdlib_module_names) - set(FOLDERS)
    return {normal(name) for top in tops for name in DISTRIBUTIONS.get(top, [f"unknown {top}"])}


def locked(path):
    return dict(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", (PROJECT / path).read_text(), re.MULTILINE))


def test_no_package_is_imported_that_is_not_declared():
    undeclared = {
        f"{module.path}: {name}"
        for module in MODULES
        for name in packages(module) - RUNNING - FOR_DEVELOPMENT.get(module.name, set())
    }
    undeclared |= {f"{module.path}: {name}" for module in TESTS for name in packages(module) - RUNNING - DEVELOPMENT}
    assert not undeclared, listed(sorted(undeclared))


def test_exceptions_are_needed():
    modules = {module.name: packages(module) for module in MODULES}
    for name, excepted in FOR_DEVELOPMENT.items():
        assert excepted <= modules[name] & DEVELOPMENT


def test_each_package_is_pinned_with_a_reason():
    text = (PROJECT / "pyproject.toml").read_text()
    for group in (DECLARED["project"]["dependencies"], DECLARED["dependency-groups"]["development"]):
        for requirement in group:
            assert re.search(rf'"{re.escape(requirement)}", +# \w', text), requirement
            assert "==" in requirement


def test_production_has_the_locked_versions_and_no_packages_for_development():
    whole, running = locked("requirements.txt"), locked("deploy/requirements.txt")
    assert running.items() < whole.items()
    assert running.keys() >= RUNNING
    assert whole.keys() >= RUNNING | DEVELOPMENT
    assert not running.keys() & DEVELOPMENT - {"requests", "pyjwt"}  # django-allauth needs these two


# Loads the settings, all URLs and all commands in a Python that finds no packages for development.
RUN = """
import sys
missing = set(sys.argv[1].split(","))
class Finder:
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in missing:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Finder)
import django
django.setup()
from django.core.management import get_commands, load_command_class
from django.urls import get_resolver
get_resolver().url_patterns
for name, app in get_commands().items():
    load_command_class(app, name)
import chatsite.server.rsgi, chatsite.trials.benchmark.pages, chatsite.trials.soak.soak
"""


def test_everything_starts_without_the_packages_for_development():
    only = DEVELOPMENT - RUNNING - {"requests", "pyjwt"}
    missing = {top for top, found in DISTRIBUTIONS.items() if names(found) & only}
    assert {"debug_toolbar", "playwright", "pytest", "hypothesis"} <= missing
    environment = {"DJANGO_SETTINGS_MODULE": "chatsite.settings", "PYTHONPATH": str(PROJECT), "PATH": "/usr/bin:/bin"}
    environment |= {"DATABASE_URL": "postgresql://nobody@localhost/nothing"}  # only configured, never connected to
    command = [sys.executable, "-c", RUN, ",".join(sorted(missing))]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_screenshots_report_that_playwright_is_missing(monkeypatch):
    monkeypatch.setattr("chatsite.trials.management.commands.screenshots.find_spec", lambda name: None)
    with pytest.raises(CommandError, match="run `make screenshots`"):
        call_command("screenshots")
