"""The initial migrations make the schema of release 0.1, and never change again."""

import ast
import hashlib

import pytest
from django.conf import settings
from django.core.management import call_command

from chatsite.tests.upgrading.databases import RELEASE, django_on, schema, scratch

FROZEN = {
    "accounts/migrations/0001_initial.py": "4961a1fbf2cf317c767b1db1bbf6ec74127d060ef872c201ce56160e58882cf2",
    "conversations/migrations/0001_initial.py": "2ca9141b5fea74226c1fd423eb26699d8f6ceece07833c202143415ac2e65937",
    "conversations/migrations/0001_search.sql": "0322e2a47bac1b00ba4935ccb6cde7146394e316802a303d4b404a78ca9a03f7",
}
MIGRATIONS = sorted(path for app in ("*", "chatsite/*") for path in settings.BASE_DIR.glob(f"{app}/migrations/0*.py"))
OURS = ("accounts", "conversations", "chatsite")


def test_they_make_the_schema_of_release_0_1(django_db_blocker):
    with scratch("initial") as name, django_db_blocker.unblock(), django_on(name):
        call_command("migrate", "conversations", "0001", verbosity=0)
        found = schema(name)
    assert found == (RELEASE / "schema.sql").read_text().splitlines()


@pytest.mark.parametrize("path", FROZEN)
def test_they_never_change(path):
    assert hashlib.sha256((settings.BASE_DIR / path).read_bytes()).hexdigest() == FROZEN[path]


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_no_migration_imports_living_code(path):
    for node in ast.walk(ast.parse(path.read_text())):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        assert not [name for name in names if name.partition(".")[0] in OURS], f"{path.name} imports {names}"
