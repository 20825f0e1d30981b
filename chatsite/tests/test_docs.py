"""Documents stay short, and the files, make targets, commands and environment variables that they name exist."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import get_commands
from markdown_it import MarkdownIt
from markdown_it.token import Token

from chatsite.tests.code import FOLDERS, PROJECT, listed

README = PROJECT / "README.md"
CONFIGURE = PROJECT / "docs/configure.md"
DECISIONS = sorted((PROJECT / "docs/decisions").glob("[0-9]*.md"))
DOCUMENTS = sorted(
    [
        *PROJECT.glob("*.md"),
        *(path for folder in (".github", "docs", *FOLDERS) for path in (PROJECT / folder).rglob("*.md")),
    ]
)
MAX_LINES = {README: 120} | {PROJECT / app / "README.md": 60 for app in FOLDERS} | dict.fromkeys(DECISIONS, 60)
MAKE = re.compile(r"(?:^ *|`)(?:[A-Z_]+=\S* )*make ([\w./-]+)", re.MULTILINE)
COMMAND = re.compile(r"manage\.py ([a-z_]+)")
FILE = re.compile(r"[\w./-]+\.(?:css|html|js|md|po|py|sql|toml|txt)")
VARIABLE = re.compile(r"[A-Z][A-Z_]+")
NOT_A_WORD = re.compile(r"[^\w\- ]")


@cache
def tokens(path: Path) -> list[Token]:
    """Parse a document into its blocks, and the parts of their lines."""
    blocks = MarkdownIt().enable("table").parse(path.read_text())
    return [part for block in blocks for part in (block, *(block.children or []))]


def code(path: Path) -> Iterator[str]:
    """Yield what a document writes as code."""
    return (token.content for token in tokens(path) if token.type in ("code_inline", "code_block", "fence"))


def links(path: Path) -> Iterator[str]:
    """Yield the addresses of links and pictures within this project."""
    for token in tokens(path):
        address = str(token.attrGet("href") or token.attrGet("src") or "")
        if address and not urlsplit(address).scheme:
            yield address


def leads_to(path: Path, address: str) -> Path:
    """Return the file of a relative link; a folder stands for the document in it."""
    target = (path.parent / urlsplit(address).path).resolve() if urlsplit(address).path else path
    return target / "README.md" if target.is_dir() else target


def anchors(path: Path) -> set[str]:
    """Name the headings of a document as code hosts do."""
    found = tokens(path)
    titles = [found[place + 1].content for place, token in enumerate(found) if token.type == "heading_open"]
    return {NOT_A_WORD.sub("", title.lower()).replace(" ", "-") for title in titles}


def is_dead(path: Path, address: str) -> bool:
    target, anchor = leads_to(path, address), urlsplit(address).fragment
    return not target.is_file() or bool(anchor and anchor not in anchors(target))


def fail_where(found: list[str]) -> None:
    assert not found, listed(found)


def unknown(pattern: re.Pattern, known: set[str]) -> list[str]:
    return [
        f"{path.relative_to(PROJECT)}: {name}"
        for path in DOCUMENTS
        for text in code(path)
        for name in pattern.findall(text)
        if name not in known
    ]


def test_there_are_documents_to_check():
    assert len(DECISIONS) >= 10
    assert MAX_LINES.keys() <= set(DOCUMENTS)


@pytest.mark.parametrize("path", MAX_LINES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_documents_for_a_single_reading_are_short(path):
    assert len(path.read_text().splitlines()) <= MAX_LINES[path]


def test_every_link_leads_somewhere():
    found = [(path, address) for path in DOCUMENTS for address in links(path)]
    assert len(found) > 20
    fail_where([f"{path.relative_to(PROJECT)}: {address}" for path, address in found if is_dead(path, address)])


def test_links_lead_from_the_readme_to_every_document():
    reached, waiting = {README}, [README]
    while waiting:
        path = waiting.pop()
        new = {leads_to(path, address) for address in links(path)} & set(DOCUMENTS) - reached
        reached |= new
        waiting += new
    fail_where([str(path.relative_to(PROJECT)) for path in DOCUMENTS if path not in reached])


def test_every_file_that_is_named_exists():
    fail_where(
        [
            f"{path.relative_to(PROJECT)}: {name}"
            for path in DOCUMENTS
            for name in code(path)
            if FILE.fullmatch(name) and not any((folder / name).is_file() for folder in (path.parent, PROJECT))
        ]
    )


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^([\w./-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    assert "test-fast" in targets
    fail_where(unknown(MAKE, targets))


def test_every_command_that_is_named_exists():
    fail_where(unknown(COMMAND, set(get_commands())))


def test_exactly_the_environment_variables_are_described():
    read = {node.value for node in ast.walk(environment()) if isinstance(node, ast.Constant) and is_variable(node)}
    assert {"SITE_URL", "OIDC_NAME"} <= read
    assert described() == read


def environment() -> ast.Module:
    return ast.parse((PROJECT / "chatsite/environment.py").read_text())


def is_variable(node: ast.Constant) -> bool:
    return isinstance(node.value, str) and bool(VARIABLE.fullmatch(node.value))


def described() -> set[str]:
    """List the variables that begin a row of a table."""
    found = tokens(CONFIGURE)
    cells = [found[place + 2] for place, token in enumerate(found) if token.type == "td_open"]
    return {cell.content for cell in cells if cell.type == "code_inline" and VARIABLE.fullmatch(cell.content)}
