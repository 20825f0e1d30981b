"""Icons come from one sprite."""

import re
from pathlib import Path

from django.conf import settings

from conversations.templatetags import attachments

TEMPLATES = sorted(Path(settings.BASE_DIR / "templates").rglob("*.html"))
SCRIPTS = sorted(Path(settings.BASE_DIR / "static/js").rglob("*.js"))
SPRITE = (settings.BASE_DIR / "static/img/icons.svg").read_text()
SYMBOLS = set(re.findall(r'<symbol id="([\w-]+)"', SPRITE))


def test_every_icon_of_a_template_is_in_the_sprite():
    used = {name for path in TEMPLATES for name in re.findall(r'\{% icon "([\w-]+)"', path.read_text())}
    assert used <= SYMBOLS


def test_every_icon_of_the_sprite_is_used():
    texts = "\n".join(path.read_text() for path in (*TEMPLATES, *SCRIPTS, Path(attachments.__file__)))
    assert {name for name in SYMBOLS if f'"{name}"' not in texts and f"'{name}'" not in texts} == set()


def test_the_sprite_names_its_source_and_licence():
    assert "ISC" in SPRITE
    assert "Lucide Icons and Contributors" in (settings.BASE_DIR / "static/img/icons-licence.txt").read_text()
