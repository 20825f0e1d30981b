"""The contrast of colours in each theme, computed from the style sheets."""

import colorsys
import gzip
import re
from itertools import product

import pytest
from django.conf import settings

from chatsite.static import LINKED_STYLES, bundled_style, without_spaces

CSS = settings.BASE_DIR / "static" / "css"
THEMES = {
    "light": ["tokens"],
    "dark": ["tokens", "dark"],
    "contrast on light": ["tokens", "contrast"],
    "contrast on dark": ["tokens", "dark", "contrast"],
}
BACKGROUNDS = ["paper", "panel", "raised"]
TEXT = [
    *product(BACKGROUNDS, ["ink", "faint", "accent", "danger"]),
    *product(["accent-soft"], ["ink", "faint", "accent"]),
    *product(["code"], ["ink", "faint", "danger", "code-keyword", "code-string", "code-number", "code-name"]),
    *[("accent", "accent-ink"), ("danger", "danger-ink"), ("mark", "ink"), ("ink", "paper")],
]
LINES = [*product(BACKGROUNDS, ["edge", "focus", "accent"]), ("accent-soft", "focus"), ("accent-soft", "accent")]


def tokens(theme):
    """Read the tokens of a theme; later files override earlier ones."""
    found = {}
    for name in THEMES[theme]:
        css = re.sub(r"/\*.*?\*/", "", (CSS / f"{name}.css").read_text(), flags=re.DOTALL)
        root = re.search(r":root \{(.*?)\}", css, re.DOTALL)[1]
        found |= dict(re.findall(r"--([\w-]+):\s*([^;]+);", root))
    return found


def colour(found, value):
    """Return red, green and blue, each from 0 to 1."""
    if reference := re.fullmatch(r"var\(--([\w-]+)\)", value):
        return colour(found, found[reference[1]])
    if hsl := re.fullmatch(r"(\d+) (\d+)% (\d+)%", value):
        hue, saturation, lightness = map(int, hsl.groups())
        return colorsys.hls_to_rgb(hue / 360, lightness / 100, saturation / 100)
    digits = value.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    return tuple(int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4))


def contrast(one, other):
    """Return the contrast ratio of WCAG 2."""
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(rgb):
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def too_low(theme, pairs, least):
    found = tokens(theme)
    ratios = {pair: contrast(*(colour(found, found[name]) for name in pair)) for pair in pairs}
    return {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < least}


@pytest.mark.parametrize("theme", THEMES)
def test_text_is_legible_on_every_background(theme):
    assert too_low(theme, TEXT, 7 if "contrast" in theme else 4.5) == {}


@pytest.mark.parametrize("theme", THEMES)
def test_borders_and_the_focus_outline_are_visible(theme):
    assert too_low(theme, LINES + [(background, "line") for background in BACKGROUNDS if "contrast" in theme], 3) == {}


@pytest.mark.parametrize("theme", THEMES)
def test_initials_are_legible_in_every_avatar_colour(theme):
    found = tokens(theme)
    hues = re.findall(r"--hue: (\d+)", (CSS / "components" / "people" / "people.css").read_text())
    assert len(hues) == 8
    for hue in hues:
        paper, ink = (colour(found, f"{hue} {found[name]}") for name in ("avatar-paper", "avatar-ink"))
        assert contrast(paper, ink) >= (7 if "contrast" in theme else 4.5), hue


@pytest.mark.parametrize("theme", THEMES)
def test_days_of_the_calendar_are_legible_in_every_shade(theme):
    found = tokens(theme)
    accent, ink, paper = (colour(found, found[name]) for name in ("accent", "ink", "paper"))
    shades = re.findall(
        r"var\(--accent\) (\d+)%, transparent", (CSS / "components" / "conversation" / "calendar.css").read_text()
    )
    assert len(shades) == 3
    for share in (int(shade) / 100 for shade in shades):
        background = tuple(share * one + (1 - share) * other for one, other in zip(accent, paper, strict=True))
        assert contrast(background, ink) >= (7 if "contrast" in theme else 4.5), share


def test_style_sheets_take_colours_font_sizes_and_radii_from_the_tokens():
    allowed = r"var\(.*|inherit|calc\(.*|0|0?\.\d+em|\d(\.\d+)?em"
    for path in [CSS / "base.css", CSS / "layout.css", *CSS.glob("components/**/*.css")]:
        css = re.sub(r'url\("[^"]*"\)|/\*.*?\*/', "", path.read_text(), flags=re.DOTALL)
        assert not re.findall(r"#[0-9a-f]{3,8}\b(?=[^{}]*\})|rgba?\([^v)]*\)|hsl\((?!var)", css), path.name
        for value in re.findall(r"(?:font-size|border-radius): ([^;]+);", css):
            assert re.fullmatch(allowed, value), f"{path.name}: {value}"


def test_all_style_sheets_together_are_small():
    css = bundled_style(lambda path: (CSS.parent / path).read_text())
    css += "".join(without_spaces((CSS.parent / path).read_text()) for path in LINKED_STYLES)
    assert len(gzip.compress(css.encode())) <= 16_000
