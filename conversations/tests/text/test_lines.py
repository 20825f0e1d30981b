"""Long messages fold, by the lines that they would take."""

import pytest

from conversations.tests.factories import insert, say
from conversations.text.lines import fold

WORDS = "some words of a long paragraph "


@pytest.mark.parametrize(
    ("source", "folds"),
    [
        ("ok", ""),
        ("line\n" * 15, ""),
        ("line\n" * 25, "always"),
        (WORDS * 10, ""),
        (WORDS * 40, "on-phones"),
        (WORDS * 80, "always"),
        ("paragraph\n\n" * 10, ""),
        ("paragraph\n\n" * 20, "always"),
        ("```\n" + "x = 1\n" * 300 + "```\nlong code folds by itself", ""),
        ("```\n" + "x = 1\n" * 12 + "```\n" + "line\n" * 12, "always"),
        ("an open block of code\n```\n" + "x = 1\n" * 300, ""),
    ],
)
def test_only_what_is_much_longer_than_fifteen_lines_folds(source, folds):
    assert fold(source) == folds


def test_messages_fold_without_scripts_whoever_wrote_them(world, as_):
    say(world.town, world.ben, "line\n" * 30, "short")
    insert(world.town, world.ben, "line\n" * 30, "<p>" + "line<br>" * 30 + "</p>")
    page = as_(world.ana).get(f"/c/{world.town.pk}/").content.decode()
    assert page.count('<details class="fold always"><summary><span class="more">Show more</span>') == 2
