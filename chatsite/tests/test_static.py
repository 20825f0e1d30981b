"""Static files as they are collected for production."""

import gzip
import json
import re
import shutil

import pytest
from django.conf import settings
from django.test import override_settings

from chatsite.bundling.modules import BundlingError
from chatsite.static import collect

MAX_SCRIPT_BYTES = 25_000  # compressed


@pytest.fixture
def sources(tmp_path):
    """A copy of our static files that tests may change, collected into another folder.

    The style sheet of the admin is left out: it imports one of Django's.
    """
    ours = tmp_path / "ours"
    shutil.copytree(settings.BASE_DIR / "static", ours, ignore=shutil.ignore_patterns("admin.css"))
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": "chatsite.static.BundledStaticFilesStorage"}}
    only_ours = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    with override_settings(
        STATICFILES_DIRS=[ours], STATICFILES_FINDERS=only_ours, STATIC_ROOT=tmp_path / "gathered", STORAGES=storages
    ):
        yield ours


def gathered(name):
    collect()
    manifest = json.loads((settings.STATIC_ROOT / "staticfiles.json").read_text())
    return (settings.STATIC_ROOT / manifest["paths"][name]).read_text()


@pytest.mark.parametrize(
    ("part", "bundle"),
    [
        ("css/layout.css", "css/chatsite.css"),
        ("js/conversation/read-marker.js", "js/chatsite.js"),
        ("js/account/time-zone.js", "js/entrance.js"),
        ("js/offline-page.js", "js/offline-page.js"),
    ],
)
def test_a_bundle_follows_each_change_of_its_parts(sources, part, bundle):
    assert not re.search(r'import ["{]', gathered(bundle))
    (sources / part).write_text('"another version";')
    assert "another version" in gathered(bundle)
    (sources / part).write_text('"and one more";')
    assert "and one more" in gathered(bundle)


@pytest.mark.parametrize(("bundle", "word"), [("live-worker", "signed-out"), ("service-worker", "x-as-of")])
def test_workers_are_bundled_with_the_words_they_share_with_pages(sources, bundle, word):
    assert f'"{word}"' in gathered(f"js/{bundle}.js")
    contract = sources / "js/contract.js"
    contract.write_text(contract.read_text().replace(f'"{word}"', '"another-name"'))
    assert '"another-name"' in gathered(f"js/{bundle}.js")


def test_a_changed_part_changes_its_name_in_the_bundle(sources):
    def names():
        return re.findall(r'import\("(.+?notifying.+?)"\)', gathered("js/chatsite.js"))

    [before] = names()
    assert re.fullmatch(r"\./push/notifying\.[0-9a-f]{12}\.js", before)
    assert (settings.STATIC_ROOT / "js" / before).read_text() == gathered("js/push/notifying.js")
    assert "const load" in gathered("js/push/notifying.js")
    tones = sources / "js/push/tones.js"
    tones.write_text(tones.read_text().replace("880", "881"))
    [after] = names()
    assert before != after
    assert "881" in (settings.STATIC_ROOT / "js" / after).read_text()


def test_a_page_loads_little_script_before_the_first_use_of_its_parts(sources):
    before_use = [gzip.compress(gathered(name).encode()) for name in ("js/chatsite.js", "js/live-worker.js")]
    assert 20_000 < sum(map(len, before_use)) <= MAX_SCRIPT_BYTES


def test_only_bundles_and_files_with_hashed_names_are_published(sources):
    collect()
    published = {path.relative_to(settings.STATIC_ROOT).as_posix() for path in settings.STATIC_ROOT.rglob("*.*")}
    assert {name for name in published if not re.search(r"\.[0-9a-f]{12}\.", name)} == {"staticfiles.json"}
    assert not [name for name in published if name.startswith(("css/components/", "js/shell/focus."))]


def test_a_style_sheet_is_sent_without_comments_and_needless_spaces(sources):
    (sources / "css/base.css").write_text(
        '/* Why: "so" */\n.a > b, c :is(d, e) {\n  margin: 0 1px; content: "; /* ";\n}\n'
    )
    assert '.a > b,c :is(d,e){margin:0 1px;content:"; /* "}' in gathered("css/chatsite.css")
    assert not re.search(r"/\*|\n", gathered("css/chatsite.css").replace('"; /* "', ""))
    assert gathered("css/dark.css").startswith("@layer tokens{:root{--paper:#")


def test_a_script_that_can_not_be_bundled_is_named(sources):
    (sources / "js/shell/focus.js").write_text("\nexport default 1;\n")
    with pytest.raises(BundlingError, match=r"^js/shell/focus.js:2: "):
        collect()


def test_with_debug_only_the_service_worker_is_bundled(client, settings):
    assert "importScripts" in client.get("/service-worker.js").content.decode()
    settings.DEBUG = True
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    script = client.get("/service-worker.js").content.decode()
    assert 'const OFFLINE = "/offline/";' in script
    assert '"/static/js/chatsite.js", ' in script
    assert "importScripts" not in script
    assert "async function install()" in script
    assert not re.search(r"^(?:import|export) ", script, re.MULTILINE)
