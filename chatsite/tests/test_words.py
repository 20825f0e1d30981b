"""Translations: every text exists in every language, and no page mixes languages."""

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
from chatsite.tests.test_crawl import MAX_ADDRESSES, PASSWORD, links, owner  # noqa: F401 – a fixture
from conversations.templatetags.attachments import file_size

CATALOGUE = settings.PROJECT / "locale" / "de" / "LC_MESSAGES" / "django.po"
WITH_CODE = ("accounts", "conversations", "chatsite", "templates", "locale")
MACHINE_FORMATS = {"c", "U", "U.u", "Y-m-d", "H:i"}
# Words that are not German, and that hardly any English sentence lacks.
ENGLISH = re.compile(
    r"\b(the|of|to|is|are|and|or|you|your|it|this|with|for|by|from|on|not|no|new|message|messages|conversation|people"
    r"|member|members|save|send|search|settings|sign|delete|edit|close|more|date|day|time|open)\b",
    re.IGNORECASE,
)
# Tags whose text is the same in all languages: operators, time zones, commands.
UNTRANSLATED_TAGS = {"script", "style", "code", "dt", "option"}
TEXT_ATTRIBUTES = re.compile("aria-label|title|placeholder|alt|data-(?!do$|ceremony$|filter$|name$|state$).*")
VOID = {"br", "img", "input", "link", "meta", "hr", "source", "wbr"}


class Ours(HTMLParser):
    """The texts of a page that are the site's own, without messages and names of people."""

    def __init__(self, page):
        super().__init__()
        self.words, self.theirs = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        is_theirs = tag in UNTRANSLATED_TAGS or attrs.get("dir") == "auto" or attrs.get("class") == "system"
        if tag not in VOID and (is_theirs or self.theirs):
            self.theirs.append(tag)
        if not self.theirs:
            values = [value for name, value in attrs.items() if value and TEXT_ATTRIBUTES.fullmatch(name)]
            self.words += [words for words in values if not words.startswith("/")]

    def handle_endtag(self, tag):
        while self.theirs and self.theirs.pop() != tag:
            pass

    def handle_data(self, data):
        if not self.theirs:
            self.words.append(data)


class Entry(NamedTuple):
    """One text of a catalogue, with its translations."""

    flags: list[str]
    context: str | None
    words: str
    several: str | None
    translations: list[str]

    @property
    def key(self):
        return self.words if self.context is None else f"{self.context}\x04{self.words}"


def entries(path=CATALOGUE):
    """Read the entries of a catalogue, without its header."""
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


def test_everything_is_translated_into_german():
    assert len(entries()) > 700
    for entry in entries():
        assert all(entry.translations), entry.words
        assert "fuzzy" not in entry.flags, entry.words


def test_the_compiled_catalogue_is_current():
    """Compiled catalogues are committed, as `make words` makes them: others may lack the tools to compile."""
    written = {}
    for entry in entries():
        if entry.several is None:
            written[entry.key] = entry.translations[0]
        else:
            written |= {(entry.key, number): text for number, text in enumerate(entry.translations)}
    with CATALOGUE.with_suffix(".mo").open("rb") as compiled:
        read = GNUTranslations(compiled)._catalog
    assert {key: text for key, text in read.items() if key} == written


def test_placeholders_and_tags_are_the_same_in_both_languages():
    parts = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w+(?: [^>]*)?>")
    for entry in entries():
        for number, text in enumerate(entry.translations):
            words = entry.several if number and entry.several else entry.words
            assert sorted(parts.findall(text)) == sorted(parts.findall(words)), entry.words


def test_no_texts_are_missing_from_the_catalogue(tmp_path, monkeypatch):
    if not shutil.which("xgettext"):
        pytest.skip("xgettext, which finds the texts, is not installed")
    for name in WITH_CODE:
        shutil.copytree(settings.PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.chdir(tmp_path)
    with translation.override(None):
        call_command("makemessages", locale=["de"], no_location=True, no_obsolete=True, verbosity=0)
    found = entries(tmp_path / CATALOGUE.relative_to(settings.PROJECT))
    assert {entry.key for entry in found} == {entry.key for entry in entries()}, "run `make words`"


@pytest.mark.parametrize(
    ("people", "start"), [(0, "0 Personen werden"), (1, "1 Person wird"), (2, "2 Personen werden")]
)
def test_singular_and_plural_differ(people, start):
    with translation.override("de"):
        words = ngettext("%(people)d person will be notified.", "%(people)d people will be notified.", people)
        assert (words % {"people": people}).startswith(start)


@pytest.mark.parametrize(
    ("language", "size", "written"),
    [
        *(("en", 1, "1 byte"), ("en", 5, "5 bytes"), ("en", 1_200_000, "1.2 MB"), ("en", 20_000_000, "20 MB")),
        *(("de", 1, "1 Byte"), ("de", 5, "5 Byte"), ("de", 1_200_000, "1,2 MB"), ("de", 9_999_999, "10 MB")),
    ],
)
def test_file_sizes_are_formatted_for_the_language(language, size, written):
    with translation.override(language):
        assert file_size(size) == written


def test_every_date_format_in_templates_is_defined_for_each_language():
    known = [
        {name for name in vars(importlib.import_module(f"chatsite.formats.{code}.formats")) if name.isupper()}
        for code, _ in settings.LANGUAGES
    ]
    assert all(names == known[0] for names in known)
    used = set()
    for path in (settings.PROJECT / "templates").rglob("*.*"):
        used |= {(path.name, name) for name in re.findall(r'\|(?:date|time):"([^"]+)"', path.read_text())}
    assert {("_month.html", "MONTH_DAY_FORMAT"), ("_message.html", "H:i")} <= used
    assert [(path, name) for path, name in sorted(used) if name not in known[0] | MACHINE_FORMATS] == []


def test_english_is_recognised(owner, client):  # noqa: F811
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


def test_german_pages_contain_no_english(owner, client):  # noqa: F811
    User.objects.filter(pk=owner.pk).update(language="de")
    client.post("/accounts/login/", {"login": owner.username, "password": PASSWORD})
    seen, waiting, found = set(), deque(["/"]), []
    while waiting and len(seen) < MAX_ADDRESSES:
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
