"""What the renderer finds is stored with a message, and filled in where it is missing."""

import re
from uuid import uuid4

import pytest
from django.core.management import call_command

from conversations.jobs import enqueue_fill_facts
from conversations.models import Conversation, EarlierText, Message
from conversations.tests.factories import insert, say
from conversations.text.markdown import render

LINK, CODE = "see https://example.org/", "say `x`"
OLD_LINK = '<p>see <a href="https://example.org/" rel="noopener noreferrer nofollow">https://example.org/</a></p>'


def facts(message):
    return Message.objects.values_list("has_link", "has_code").get(pk=message.pk)


def plain_text(message):
    return Message.objects.values_list("plain_text", flat=True).get(pk=message.pk)


@pytest.fixture
def unfilled(world):
    """Messages without facts, and whether they have a link, and code."""
    texts = {
        ("plain words", "<p>plain words</p>"): (False, False),
        (LINK, OLD_LINK): (True, False),
        (CODE, "<p>say <code>x</code></p>"): (False, True),
        ("[x](/c/1/) a@b.example", '<p><a href="/c/1/">x</a> <a href="mailto:a@b.example">x</a></p>'): (False, False),
        (f"{LINK} {CODE}", ""): (True, True),
        ("not yet rendered", ""): (False, False),
    }
    return {insert(world.plans, world.ben, *text): found for text, found in texts.items()}


def test_a_post_stores_the_facts_of_its_text(world):
    assert facts(say(world.plans, world.ana, "words for @ben")) == (False, False)
    assert facts(say(world.plans, world.ana, LINK)) == (True, False)
    assert facts(say(world.plans, world.ana, CODE)) == (False, True)


def test_an_edit_stores_the_facts_of_the_new_text(world):
    message = say(world.plans, world.ana, LINK)
    message.edit(world.ana, CODE)
    assert facts(message) == (False, True)
    message.edit(world.ana, "neither")
    assert facts(message) == (False, False)


def test_only_words_that_differ_from_the_text_are_stored_again(world):
    assert plain_text(say(world.plans, world.ana, "two\nlines for @ben")) is None
    assert plain_text(say(world.plans, world.ana, "*two*\n- lines")) == "two lines"


def test_previews_read_the_stored_words_and_never_html(world, as_):
    first = say(world.plans, world.ana, "*the* plan")
    world.plans.post(world.ben, "I **agree**", uuid4(), reply_to=first)
    Message.objects.update(html="<p>broken")
    page = as_(world.ana).get("/").content.decode()
    assert "I agree" in page
    page = as_(world.ana).get(f"/c/{world.plans.pk}/").content.decode()
    assert re.search(r'class="replied-to of-thread">.*the plan', page)
    assert "broken" not in re.search(r'class="replied-to of-thread">.*', page)[0]


@pytest.mark.parametrize("html", ["", "<p><em>the</em> plan</p>"])
def test_previews_render_messages_whose_words_nobody_has_stored(world, as_, html):
    first = insert(world.plans, world.ana, "*the* plan", html)
    world.plans.post(world.ben, "words", uuid4(), reply_to=first)
    newest = insert(world.plans, world.ben, "I **agree**", html and "<p>I <strong>agree</strong></p>")
    Conversation.objects.filter(pk=world.plans.pk).update(last_message_id=newest.pk)
    assert "I agree" in as_(world.ana).get("/").content.decode()
    assert re.search(
        r'class="replied-to of-thread">.*the plan', as_(world.ana).get(f"/c/{world.plans.pk}/").content.decode()
    )


@pytest.mark.parametrize(("before", "after"), [("*a*", "**b**"), ("a", "b"), (LINK, "*b*")])
def test_an_edit_by_release_0_1_forgets_the_facts_of_the_earlier_text(world, before, after):
    message = say(world.plans, world.ana, before)
    rendered = render(after)
    Message.objects.filter(pk=message.pk).update(content=after, html=rendered.html)
    assert (facts(message), plain_text(message)) == ((None, None), None)
    assert Message.objects.fill_facts() == 1
    assert (facts(message), Message.objects.get(pk=message.pk).words) == ((False, False), "b")


def test_an_edit_of_ours_stores_facts_with_the_text(world):
    message = say(world.plans, world.ana, "a")
    for text in ("b", "*c*", "d"):
        message.edit(world.ana, text)
        assert (facts(message), plain_text(message)) == ((False, False), text.strip("*"))


def test_a_name_in_code_notifies_nobody_and_begins_no_transaction(world):
    message = say(world.plans, world.ana, "`@ben` and ben@example.org")
    assert not message.mentions.exists()


def test_facts_are_filled_in_batch_by_batch_the_newest_first(unfilled):
    said = list(unfilled)
    assert [facts(message) for message in said] == [(None, None)] * len(said)
    Message.objects.filter(pk=said[0].pk).update(created_at="2026-01-01T00:00Z")
    assert Message.objects.fill_facts(limit=5) == 5
    assert facts(said[0]) == (None, None)
    assert Message.objects.fill_facts(limit=5) == 1
    assert Message.objects.fill_facts(limit=5) == 0
    assert {message: facts(message) for message in said} == unfilled


def test_filling_changes_nothing_else(unfilled):
    def rest():
        return list(
            Message.objects.order_by("pk").defer("has_link", "has_code").values_list("content", "html", "revision")
        )

    before = rest()
    Message.objects.fill_facts()
    assert rest() == before


def test_the_command_fills_in_all_facts(unfilled, capsys):
    call_command("fill_facts")
    assert capsys.readouterr().out == "6 messages done.\n"
    assert {message: facts(message) for message in unfilled} == unfilled


@pytest.mark.django_db(transaction=True)
def test_a_job_fills_in_all_facts_and_is_enqueued_only_while_some_are_missing(unfilled, run_jobs, monkeypatch):
    monkeypatch.setattr("chatsite.jobs.batches.PAUSE_SECONDS", 0)
    enqueue_fill_facts.enqueue()
    assert [run_jobs(), run_jobs()] == [1, 1], "the second fills in"
    assert {message: facts(message) for message in unfilled} == unfilled
    enqueue_fill_facts.enqueue()
    assert run_jobs() == 1


def test_rows_of_other_programs_are_filled_in_later(world):
    say(world.plans, world.ana, "words")
    assert Message.objects.fill_facts() == 0
    insert(world.plans, world.ana, "more")
    assert Message.objects.fill_facts() == 1


def test_labels_of_release_0_1_become_placeholders_even_in_earlier_texts(world):
    old = '<ul>\n<li><span class="task" role="img" aria-label="Done">☑</span> it</li>\n</ul>'
    message, plain = insert(world.plans, world.ana, "- [x] it", old), insert(world.plans, world.ana, "a", "<p>a</p>")
    for each in (message, plain):
        EarlierText.objects.create(message=each, content="- [x] it", html=old if each == message else "<p>a</p>")
    Message.objects.fill_facts()
    new = render("- [x] it").html
    assert list(Message.objects.order_by("pk").values_list("html", flat=True)) == [new, "<p>a</p>"]
    assert list(EarlierText.objects.order_by("pk").values_list("html", flat=True)) == [new, "<p>a</p>"]
