"""`accounts` knows neither the pages of conversations nor, except in one module, the internals of allauth."""

import ast
import re

import pytest
from django.conf import settings
from django.utils import translation

from conversations.urls import urlpatterns

ACCOUNTS = settings.PROJECT / "accounts"
TEMPLATES = settings.PROJECT / "templates"
NAMES = {pattern.name for pattern in urlpatterns}
OTHER_MEANINGS = {"search", "invitation"}  # a rate limit, and a rule for signing up
# Parts of the frame around every page of the site, whichever app the page belongs to.
FRAME = {"_avatar.html", "settings.html"}


def modules():
    return [path for path in sorted(ACCOUNTS.rglob("*.py")) if not {"tests", "migrations"} & set(path.parts)]


def strings(path):
    tree = ast.parse(path.read_text())
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def templates():
    found = (path for folder in ("account", "accounts") for path in (TEMPLATES / folder).rglob("*.html"))
    return [path for path in sorted(found) if path.name not in FRAME]


def names_in(text):
    return set(re.findall(r"""{%\s*url\s+["']([^"']+)["']""", text))


def test_the_names_and_their_uses_are_found():
    assert {"inbox", "person", "request-invitation"} <= NAMES
    assert "account_login" in strings(ACCOUNTS / "views" / "passkeys.py")
    assert "account_login" in names_in((TEMPLATES / "account" / "login.html").read_text())
    assert {"person", "inbox"} == names_in("""{% url "person" 7 %}{% url 'inbox' as address %}""")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ACCOUNTS)))
def test_no_module_names_a_page_of_conversations(path):
    assert strings(path) & NAMES <= OTHER_MEANINGS


def test_names_with_another_meaning_are_never_reversed():
    for path in modules():
        for name in OTHER_MEANINGS:
            assert not re.search(rf"""(reverse|redirect|resolve_url)\(\s*["']{name}["']""", path.read_text()), path


@pytest.mark.parametrize("path", templates(), ids=lambda path: path.name)
def test_no_template_of_accounts_names_a_page_of_conversations(path):
    assert not names_in(path.read_text()) & NAMES


def test_no_module_of_accounts_names_an_address_of_another_app():
    addresses = re.compile(r"/(events|c|m|people|inbox|search|static|offline|healthz)/?\b")
    for path in modules():
        assert not {text for text in strings(path) if addresses.match(text)}, path


def internals(path):
    for node in ast.walk(ast.parse(path.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from (name for name in names if name.startswith("allauth.") and "internal" in name.split("."))


def test_only_one_module_imports_the_internals_of_allauth():
    found = {
        path.relative_to(settings.PROJECT).as_posix()
        for app in ("accounts", "conversations", "chatsite")
        for path in (settings.PROJECT / app).rglob("*.py")
        if "tests" not in path.parts and list(internals(path))
    }
    assert found == {"accounts/allauth_internals.py"}


@pytest.mark.django_db
def test_the_settings_name_pages_that_exist(client):
    assert settings.ACCOUNTS_PERSON_URL in NAMES
    assert settings.ACCOUNTS_INVITATION_REQUEST_URL in NAMES
    with translation.override("en"):
        page = client.get("/accounts/signup/")
    assert page.context["invitation_request_url"] == settings.ACCOUNTS_INVITATION_REQUEST_URL
