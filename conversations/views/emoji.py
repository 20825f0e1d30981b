"""The emoji to choose from, with the words around them: one file for each language, loaded on first use."""

import gzip
import hashlib
import json
from functools import cache

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from conversations.text.emoji_list import Emoji, emoji_groups


@require_safe
@cache_control(private=True, max_age=31_536_000, immutable=True)
@vary_on_headers("Accept-Encoding")
def emoji(request, language, version):
    """List the emoji; the version in the address changes with the list."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(emoji_list(language), "application/json")
    return HttpResponse(compressed_list(language), "application/json", headers={"Content-Encoding": "gzip"})


@cache
def version_of(language: str) -> str:
    return hashlib.sha256(emoji_list(language)).hexdigest()[:12]


@cache
def compressed_list(language: str) -> bytes:
    """Compress the list once, at the highest level, which would be too slow for pages."""
    return gzip.compress(emoji_list(language), mtime=0)


@cache
def emoji_list(language: str) -> bytes:
    """Write the list as JSON: the words, and the groups with their titles."""
    groups = [[shortened(each) for each in group] for group in emoji_groups(language)]
    with translation.override(language):
        content = {"words": words(), "groups": list(zip(titles(), groups, strict=True))}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def shortened(each: Emoji) -> list[str | int]:
    """Leave out empty values at the end."""
    if each.has_tones:
        return [each.emoji, each.names, each.local_name, 1]
    return [each.emoji, each.names, each.local_name] if each.local_name else [each.emoji, each.names]


def words() -> dict[str, str | list[str]]:
    tones = [_("No skin tone"), _("Light"), _("Medium-light"), _("Medium"), _("Medium-dark"), _("Dark")]
    return {
        "title": _("Choose an emoji"),
        "search": _("Search emoji"),
        "groups": _("Groups of emoji"),
        "recent": _("Recently used"),
        "found": _("Results"),
        "none": _("No emoji found. Try another word."),
        "close": _("Close"),
        "tone": _("Skin tone"),
        "tones": tones,
    }


def titles() -> list[str]:
    return [
        _("Smileys and emotion"),
        _("People and body"),
        _("Animals and nature"),
        _("Food and drink"),
        _("Travel and places"),
        _("Activities"),
        _("Objects"),
        _("Symbols"),
        _("Flags"),
    ]
