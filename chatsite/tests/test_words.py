"""Words: each is in every language, and each language is alone on its pages."""

import ast
import importlib
import re
import shutil
from collections import deque
from gettext import GNUTranslations
from html.parser import HTMLParser
from typing import NamedTuple

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation
from django.utils.translation import ngettext

from accounts.models import User
from chatsite.tests.test_crawl import MOST, PASSWORD, links, owner  # noqa: F401 – a fixture
from conversations.templatetags.attachments import file_size

CATALOGUE = settings.PROJECT / "locale" / "de" / "LC_MESSAGES" / "django.po"
WITH_CODE = ("accounts", "conversations", "chatsite", "templates", "locale")
FOR_MACHINES = {"c", "U", "U.u", "Y-m-d", "H:i"}
# Words that German has not, and that hardly any English sentence does without.
ENGLISH = re.compile(
    r"\b(the|of|to|is|are|and|or|you|your|it|this|with|for|by|from|on|not|no|new|message|messages|conversation|people"
    r"|member|members|save|send|search|settings|sign|delete|edit|close|more|date|day|time|open)\b",
    re.IGNORECASE,
)
# What is the same for all: operators, time zones, commands.
FOR_ALL = {"script", "style", "code", "dt", "option"}
SAID_IN = re.compile("aria-label|title|placeholder|alt|data-(?!do$|ceremony$|filter$).*")
VOID = {"br", "img", "input", "link", "meta", "hr", "source", "wbr"}


class Ours(HTMLParser):
    """The words of a page that are the site's own, and not what people have said or how they are called."""

    def __init__(self, page):
        super().__init__()
        self.words, self.theirs = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        is_theirs = tag in FOR_ALL or attrs.get("dir") == "auto" or attrs.get("class") == "system"
        if tag not in VOID and (is_theirs or self.theirs):
            self.theirs.append(tag)
        if not self.theirs:
            said = [value for name, value in attrs.items() if value and SAID_IN.fullmatch(name)]
            self.words += [words for words in said if not words.startswith("/")]

    def handle_endtag(self, tag):
        while self.theirs and self.theirs.pop() != tag:
            pass

    def handle_data(self, data):
        if not self.theirs:
            self.words.append(data)


class Entry(NamedTuple):
    """What a catalogue says about some words."""

    flags: list[str]
    context: str | None
    words: str
    several: str | None
    translations: list[str]

    @property
    def key(self):
        return self.words if self.context is None else f"{self.context}\x04{self.words}"


def entries(path=CATALOGUE):
    """Read a catalogue, but for its head."""
    blocks = [[line for line in block.splitlines() if line] for block in path.read_text().split("\n\n")]
    found = [read(block) for block in blocks if block and not block[0].startswith("#~")]
    return [entry for entry in found if entry.words]


def read(block):
    fields, field = {}, None
    for line in block:
        if line.startswith("#"):
            fields.setdefault("flags", []).extend(re.split(r",\s*", line[1:])[1:])
        elif line.startswith('"'):
            fields[field] += ast.literal_eval(line)
        else:
            field, _, text = line.partition(" ")
            fields[field] = ast.literal_eval(text)
    translations = [text for name, text in sorted(fields.items()) if name.startswith("msgstr")]
    names = ("msgctxt", "msgid", "msgid_plural")
    return Entry(fields.get("flags", []), *(fields.get(name) for name in names), translations)


def test_everything_is_said_in_german():
    assert len(entries()) > 700
    for entry in entries():
        assert all(entry.translations), entry.words
        assert "fuzzy" not in entry.flags, entry.words


def test_what_is_read_is_what_is_written():
    """Whoever changes the catalogue compiles it, as `make words` does: others may have nothing to do so."""
    written = {}
    for entry in entries():
        if entry.several is None:
            written[entry.key] = entry.translations[0]
        else:
            written |= {(entry.key, number): text for number, text in enumerate(entry.translations)}
    with CATALOGUE.with_suffix(".mo").open("rb") as compiled:
        read = GNUTranslations(compiled)._catalog
    assert {key: text for key, text in read.items() if key} == written


def test_what_is_filled_in_is_the_same_in_both_languages():
    parts = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w+(?: [^>]*)?>")
    for entry in entries():
        for number, text in enumerate(entry.translations):
            words = entry.several if number and entry.several else entry.words
            assert sorted(parts.findall(text)) == sorted(parts.findall(words)), entry.words


def test_no_words_are_missing_from_the_catalogue(tmp_path, monkeypatch):
    if not shutil.which("xgettext"):
        pytest.skip("xgettext is not here, which finds the words")
    for name in WITH_CODE:
        shutil.copytree(settings.PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.chdir(tmp_path)
    with translation.override(None):
        call_command("makemessages", locale=["de"], no_location=True, no_obsolete=True, verbosity=0)
    found = entries(tmp_path / CATALOGUE.relative_to(settings.PROJECT))
    assert {entry.key for entry in found} == {entry.key for entry in entries()}, "run `make words`"


@pytest.mark.parametrize(("people", "told"), [(0, "Das erfahren 0"), (1, "Das erfährt 1"), (2, "Das erfahren 2")])
def test_several_are_told_from_one(people, told):
    with translation.override("de"):
        words = ngettext("%(people)d person will be notified.", "%(people)d people will be notified.", people)
        assert (words % {"people": people}).startswith(f"{told} Person")


@pytest.mark.parametrize(
    ("language", "size", "written"),
    [
        *(("en", 1, "1 byte"), ("en", 5, "5 bytes"), ("en", 1_200_000, "1.2 MB"), ("en", 20_000_000, "20 MB")),
        *(("de", 1, "1 Byte"), ("de", 5, "5 Byte"), ("de", 1_200_000, "1,2 MB"), ("de", 9_999_999, "10 MB")),
    ],
)
def test_a_size_is_written_as_the_language_writes_numbers(language, size, written):
    with translation.override(language):
        assert file_size(size) == written


def test_dates_are_written_by_names_that_each_language_knows():
    known = [
        {name for name in vars(importlib.import_module(f"chatsite.formats.{code}.formats")) if name.isupper()}
        for code, _ in settings.LANGUAGES
    ]
    assert all(names == known[0] for names in known)
    used = set()
    for path in (settings.PROJECT / "templates").rglob("*.*"):
        used |= {(path.name, name) for name in re.findall(r'\|(?:date|time):"([^"]+)"', path.read_text())}
    assert {("_day.html", "WEEKDAY_FORMAT"), ("_when.html", "H:i")} <= used
    assert [(path, name) for path, name in sorted(used) if name not in known[0] | FOR_MACHINES] == []


def test_there_is_english_to_find(owner, client):  # noqa: F811
    client.force_login(owner)
    assert (
        len(
            [
                words
                for words in Ours(client.get("/").content.decode()).words
                if ENGLISH.search(re.sub(r"\{\w+\}", "", words))
            ]
        )
        > 10
    )


def test_pages_in_german_hold_no_english(owner, client):  # noqa: F811
    User.objects.filter(pk=owner.pk).update(language="de")
    client.post("/accounts/login/", {"login": owner.username, "password": PASSWORD})
    seen, waiting, found = set(), deque(["/"]), []
    while waiting and len(seen) < MOST:
        address = waiting.popleft()
        if address in seen or address.startswith(("/admin/", "/settings/audit/")):
            continue
        seen.add(address)
        answer = client.get(address)
        if not answer.get("Content-Type", "").startswith("text/html"):
            waiting.extend([answer["Location"]] if "Location" in answer else [])
            continue
        page = answer.content.decode()
        waiting.extend(links(page, address))
        if answer.status_code != 302:
            found += [(address, words) for words in Ours(page).words if ENGLISH.search(re.sub(r"\{\w+\}", "", words))]
    assert {"/", "/search/", "/c/browse/", "/settings/profile/", "/accounts/2fa/app/add/", "/people/ana/"} <= seen
    assert sorted({words for _, words in found}) == []
