"""The list of emoji to choose from."""

import pytest
from emoji import EMOJI_DATA, STATUS

from conversations.text.emoji_list import emoji_groups
from conversations.text.shortcodes import emoji_of

SKIN_TONES = {chr(code) for code in range(0x1F3FB, 0x1F400)}
NEWEST = 16


def test_the_list_has_every_emoji_once_without_skin_tones():
    listed = [each.emoji for group in emoji_groups("en") for each in group]
    known = [
        emoji
        for emoji, facts in EMOJI_DATA.items()
        if facts["status"] == STATUS["fully_qualified"] and facts["E"] <= NEWEST and not SKIN_TONES & set(emoji)
    ]
    assert sorted(listed) == sorted(known)


def test_every_emoji_can_be_a_reaction_and_has_its_names():
    everything = {each.emoji: each for group in emoji_groups("en") for each in group}
    assert all(emoji_of(emoji) == emoji for emoji in everything)
    assert everything["🎉"].names == "party_popper tada"
    assert everything["👍"].has_tones
    assert not everything["🎉"].has_tones


@pytest.mark.parametrize(("language", "name"), [("en", ""), ("de", "konfettibombe"), ("xx", "")])
def test_emoji_have_a_name_in_another_language_if_the_library_knows_one(language, name):
    assert {each.emoji: each for group in emoji_groups(language) for each in group}["🎉"].local_name == name
