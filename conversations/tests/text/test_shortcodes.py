"""Names of emoji: those of Slack and GitHub, flags, and skin tones of one or two people."""

import pytest

from conversations.text.shortcodes import emoji_of, more_names, with_emoji

NAMES = {
    ":large_green_circle:": "🟢",
    ":female-technologist:": "👩\u200d💻",
    ":man-woman-boy:": "👨\u200d👩\u200d👦",
    ":the_horns:": "🤘",
    ":flag-de:": "🇩🇪",
    ":+1::skin-tone-3:": "👍🏼",
    ":male-cook::skin-tone-6:": "👨🏿\u200d🍳",
    ":handshake::skin-tone-2-3:": "🫱🏻\u200d🫲🏼",
    ":people_holding_hands::skin-tone-4:": "🧑🏽\u200d🤝\u200d🧑🏽",
    ":skin-tone-4:": "🏽",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_shown_as_its_emoji_and_is_a_reaction(name):
    assert with_emoji(f"a {name} b") == f"a {NAMES[name]} b"
    assert emoji_of(name) == NAMES[name]


def test_all_names_that_the_library_lacks_are_known():
    assert len(more_names()) > 160
    assert [name for name, emoji in more_names().items() if with_emoji(f":{name}:") != emoji] == []


def test_a_tone_changes_no_emoji_without_people():
    assert with_emoji(":tada::skin-tone-3:") == "🎉"
