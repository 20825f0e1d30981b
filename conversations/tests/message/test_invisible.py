"""A message of which nobody would see anything is refused, whoever posts it and by whatever door."""

from uuid import uuid4

import pytest

from accounts.models.limits import unlimited
from conversations.models.message.fields import RefusedText
from conversations.tests.factories import say
from conversations.tests.message.test_attachments import attach
from conversations.text.visible import is_visible

SPACES = ["", " \n\t\u00a0\u3000", "\u2028\u2029", "\x01\x1f\x7f\x85"]
FORMATS = ["\u200b\u200c\u200d\u2060\ufeff", "\u00ad", "\u034f", "\u202e\u2066\u2069", "\U0001d173", "\U0001bca0"]
FILLERS = ["\u2800", "\u3164\uffa0\u115f\u1160", "\u17b4\u17b5", "\U0001d159", "\U00013441\U00013442", "\U00016fe4"]
SELECTORS = ["\ufe0f", "\U000e0100", "\U000e0041\U000e007f", "\u180b\u180f", "\ufff0"]
SIGNS = [".", "-", "#", "```", "👍", "❤\ufe0f", "\u0301", "中", "\u200ba"]
DRAWN = ["\u0600", "\u06dd", "\U000110bd", "\ue000", "\uf8ff"]
NEWER_THAN_OUR_TABLES = "\U0001fae9"  # an emoji of Unicode 16


@pytest.mark.parametrize("text", SPACES + FORMATS + FILLERS + SELECTORS, ids=ascii)
def test_posting_editing_and_previewing_refuse_what_nobody_sees(world, text):
    message = say(world.plans, world.ana, "words")
    with unlimited():
        for refused in (
            lambda: world.plans.post(world.ana, text, uuid4()),
            lambda: world.plans.preview_message(world.ana, text),
            lambda: message.edit(world.ana, text),
        ):
            with pytest.raises(RefusedText, match="Write something first"):
                refused()
    assert list(world.plans.messages.values_list("content", flat=True)) == ["words"]


@pytest.mark.parametrize("text", [*SIGNS, *DRAWN, NEWER_THAN_OUR_TABLES], ids=ascii)
def test_whatever_is_drawn_is_posted(world, text):
    assert is_visible(text)
    assert say(world.plans, world.ana, text).content == text


def test_the_doors_give_the_form_back(world, as_):
    message, client = say(world.plans, world.ana, "words"), as_(world.ana)
    for path in (f"/c/{world.plans.pk}/messages/", f"/c/{world.plans.pk}/preview/", f"/m/{message.pk}/edit/"):
        answer = client.post(path, {"content": "\u2060\u2800", "client_key": uuid4()})
        assert answer.status_code == 422, path
        assert "Write something first." in answer.content.decode(), path


@pytest.mark.usefixtures("files")
def test_a_message_with_files_needs_no_text(world, as_):
    attach(as_(world.ana), world.plans, (b"x", "a.txt"), content="\u200b")
    message = world.plans.messages.get()
    message.edit(world.ana, "words")
    message.edit(world.ana, "\u2800")
    assert message.content == "\u2800"
