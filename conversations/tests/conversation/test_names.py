"""Titles, topics, reasons and names of files are one visible line, whoever writes them."""

import pytest

from accounts.models import NotAllowed
from accounts.models.user.name import clean_stored_names
from conversations.models import Conversation
from conversations.models.attachment.attachment import one_line
from conversations.tests.factories import say
from conversations.text.file_types import clean_name

FALSE_LINE = "Plans\nBoss made \u202eMal\u202c an owner\u200b"
HARMLESS = "Plans Boss made Mal an owner"


@pytest.mark.parametrize("name", ["\u200b", "\u3164\u2800", "\u202e\u2066"], ids=ascii)
def test_a_title_that_nobody_sees_is_refused(world, as_, name):
    client, before = as_(world.ana), Conversation.objects.count()
    page = client.post("/c/new/", {"title": name, "kind": "open"})
    assert Conversation.objects.count() == before
    assert "Nobody could see this" in page.content.decode()
    page = client.post(f"/c/{world.town.pk}/settings/", {"title": "Town", "topic": name})
    assert page.status_code == 422


@pytest.mark.parametrize("name", [" ", "\u200b", "\u3164\u2800", "\u202e\u2066"], ids=ascii)
def test_a_verb_refuses_a_title_or_topic_that_nobody_sees(world, boss, name):
    count = Conversation.objects.count()
    for refused in (
        lambda: Conversation.objects.start(boss, name, "open"),
        lambda: Conversation.objects.start(boss, "Garden", "open", topic=name),
        lambda: Conversation.objects.start_for(boss, Conversation(title=name), [world.ben]),
        lambda: world.town.rename(boss, name, ""),
        lambda: world.town.rename(boss, "Town hall", name),
    ):
        with pytest.raises(NotAllowed, match="Nobody could see this"):
            refused()
    world.town.refresh_from_db()
    assert (world.town.title, Conversation.objects.count()) == ("Town hall", count)


def test_titles_and_topics_are_stored_as_one_harmless_line(world, as_):
    as_(world.ana).post("/c/new/", {"title": FALSE_LINE, "topic": FALSE_LINE, "kind": "open"})
    started = Conversation.objects.latest("pk")
    assert (started.title, started.topic) == (HARMLESS, HARMLESS)


def test_a_verb_cleans_what_comes_from_no_form(world, boss):
    started = Conversation.objects.start(boss, FALSE_LINE, "open", topic=FALSE_LINE)
    started.refresh_from_db()
    assert (started.title, started.topic) == (HARMLESS, HARMLESS)
    started.rename(boss, "\u2067Other", FALSE_LINE)
    assert (started.title, started.topic) == ("Other", HARMLESS)
    message = say(started, boss, "words")
    message.pin(boss, FALSE_LINE)
    message.refresh_from_db()
    assert message.pinning.reason == HARMLESS


def test_the_job_cleans_what_was_stored_before(world):
    pinned = say(world.town, world.ana, "words")
    pinned.pin(world.ana, "why")
    Conversation.objects.filter(pk=world.town.pk).update(title=FALSE_LINE, topic=FALSE_LINE)
    type(pinned.pinning).objects.update(reason=FALSE_LINE)
    assert clean_stored_names() == 3
    for each in (world.town, world.direct, pinned.pinning):
        each.refresh_from_db()
    assert (world.town.title, world.town.topic, pinned.pinning.reason) == (HARMLESS,) * 3
    assert world.direct.title is None


def test_a_description_is_one_harmless_line():
    assert one_line(FALSE_LINE + "\0") == HARMLESS
    assert len(one_line("x" * 5000)) == 1000


@pytest.mark.parametrize(
    "name",
    [
        "می\u200cخواهم.txt",
        "👩\u200d👩\u200d👧.jpg",
        "🏳\ufe0f\u200d🌈.png",
        "क्\u200dष.pdf",
        "❤\ufe0f.gif",
        "葛\U000e0101.doc",
    ],
)
def test_a_file_keeps_the_joiners_that_its_name_needs(name):
    assert clean_name(name) == name


@pytest.mark.parametrize("name", ["\u200b", "\u3164", "..\u200b", "\u202e. ."], ids=ascii)
def test_a_file_whose_name_nobody_sees_gets_another(name):
    assert clean_name(name) == "file"
