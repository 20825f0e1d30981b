"""Static files as they are gathered for production."""

import json
import re
import shutil

import pytest
from django.conf import settings
from django.test import override_settings

from chatsite.static import collect


@pytest.fixture
def sources(tmp_path):
    """A copy of our static files to change, gathered to another folder."""
    ours = tmp_path / "ours"
    shutil.copytree(settings.BASE_DIR / "static", ours)
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
    ("part", "bundle"), [("css/layout.css", "css/chatsite.css"), ("js/conversation/read-marker.js", "js/chatsite.js")]
)
def test_a_bundle_follows_each_change_of_its_parts(sources, part, bundle):
    assert not re.search(r'import "', gathered(bundle))
    (sources / part).write_text("/* another version */")
    assert "another version" in gathered(bundle)
    (sources / part).write_text("/* and one more */")
    assert "and one more" in gathered(bundle)
