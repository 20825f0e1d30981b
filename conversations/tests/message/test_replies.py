"""Replies, threads and quotes."""

from uuid import uuid4

import pytest

from conversations.tests.factories import say


def reply(client, conversation, content, to, **fields):
    data = {"content": content, "client_key": uuid4(), "reply_to": to, **fields}
    return client.post(f"/c/{conversation.pk}/messages/", data)


@pytest.fixture
def talk(world, as_):
    """Ana asks, Ben replies, and Ana replies to that."""
    world.question = say(world.plans, world.ana, "Where do we *eat* tonight?")
    reply(as_(world.ben), world.plans, "At the harbour", world.question.pk)
    world.answer = world.plans.messages.get(content="At the harbour")
    reply(as_(world.ana), world.plans, "Good", world.answer.pk)
    world.last = world.plans.messages.get(content="Good")
    return world


def test_a_reply_shows_one_line_of_the_original_message(talk, as_):
    page = as_(talk.ben).get(f"/c/{talk.plans.pk}/").content.decode()
    assert (
        f'<a href="/m/{talk.question.pk}/"><span class="unseen">in reply to </span><b dir="auto">Ana Lima</b>' in page
    )
    assert "Where do we eat tonight?</span></a>" in page
    assert "<b>2 replies</b>" in page


def test_replies_to_replies_share_one_thread_with_an_address(talk, as_):
    assert (talk.answer.thread, talk.last.thread) == (talk.question, talk.question)
    page = as_(talk.ben).get(f"/m/{talk.question.pk}/thread/").content.decode()
    thread = page[page.index('<aside class="thread"') :]
    assert [thread.index(f'id="t{message.pk}"') for message in (talk.question, talk.answer, talk.last)]
    inside = as_(talk.ben).get(f"/m/{talk.last.pk}/thread/")
    assert inside["Location"] == f"/m/{talk.question.pk}/thread/#t{talk.last.pk}"


def test_outsiders_see_no_thread_and_can_not_reply(talk, as_):
    for path in (f"/m/{talk.question.pk}/thread/", f"/m/{talk.question.pk}/reply/"):
        assert as_(talk.olga).get(path).status_code == 404
    assert reply(as_(talk.olga), talk.plans, "Me too", talk.question.pk).status_code == 404
    elsewhere = reply(as_(talk.ana), talk.town, "From there", talk.question.pk)
    assert elsewhere.status_code == 409
    assert "no longer exists" in elsewhere.content.decode()
    assert elsewhere.context["form"]["content"].value() == "From there"
    assert not talk.town.messages.exists()


def test_replying_on_the_thread_page_returns_to_the_thread(talk, as_):
    answer = reply(as_(talk.ben), talk.plans, "At eight", talk.question.pk, in_thread=1)
    posted = talk.plans.messages.get(content="At eight")
    leads_on = as_(talk.ben).get(answer["Location"])
    assert leads_on["Location"] == f"/m/{talk.question.pk}/thread/#t{posted.pk}"


def test_without_scripts_a_link_and_a_form_lead_to_a_reply(talk, as_):
    client = as_(talk.ben)
    way = client.get(f"/m/{talk.question.pk}/reply/")["Location"]
    page = client.get(way).content.decode()
    assert f'name="reply_to" value="{talk.question.pk}"' in page
    assert "Where do we eat tonight?" in page[page.index('id="replying-to"') :]


def test_only_text_of_the_original_message_can_be_quoted(talk, as_):
    reply(as_(talk.ben), talk.plans, "Yes", talk.question.pk, quote="eat\r\n tonight?")
    assert "eat<br> tonight?</blockquote>" in as_(talk.ana).get(f"/c/{talk.plans.pk}/").content.decode()
    answer = reply(as_(talk.ben), talk.plans, "Really", talk.question.pk, quote="eat Ben")
    assert answer.status_code == 409
    assert not talk.plans.messages.filter(content="Really").exists()


@pytest.mark.parametrize(
    ("words", "part"),
    [
        *(("see **this**, please", "this, please"), ("(*a* ~~b~~)", "(a b)"), ("run `x`: now", "run x: now")),
        *(
            ("ask [Ana](/help/)!", "Ana!"),
            ("```py\ndef f(): pass\n```", "def f(): pass"),
            ("so @ana, yes", "so @ana, yes"),
        ),
        *(("- **a**\n- b", "a b"), ("a\nb", "a b"), ("|a|b|\n|-|-|\n|c|d|", "a b c d"), ("# a\nb", "a b")),
    ],
)
def test_quotes_are_compared_without_markdown(world, as_, words, part):
    message = say(world.plans, world.ana, words)
    assert reply(as_(world.ben), world.plans, "Yes", message.pk, quote=part).status_code == 302
    assert f">{part}</blockquote>" in as_(world.ana).get(f"/c/{world.plans.pk}/").content.decode()


def test_a_deleted_text_is_in_no_reply_quote_or_thread(talk, as_):
    reply(as_(talk.ben), talk.plans, "Yes", talk.question.pk, quote="eat tonight?")
    before = talk.plans.messages.latest("revision").revision
    talk.question.delete_by(talk.ana)
    for path in (f"/c/{talk.plans.pk}/", f"/m/{talk.question.pk}/thread/", "/", f"/c/{talk.plans.pk}/pins/"):
        assert "tonight" not in as_(talk.ben).get(path).content.decode(), path
    told = as_(talk.ben).get(f"/c/{talk.plans.pk}/changes/?after={before}").content.decode()
    assert told.count("in reply to a deleted message") == 2
    talk.question.restore_by(talk.ana)
    assert "tonight?</blockquote>" in as_(talk.ben).get(f"/c/{talk.plans.pk}/").content.decode()


def test_an_edit_is_shown_in_replies_to_the_message(talk, as_):
    revision = talk.plans.messages.latest("revision").revision
    talk.question.edit(talk.ana, "Where do we sleep?")
    told = as_(talk.ben).get(f"/c/{talk.plans.pk}/changes/?after={revision}").content.decode()
    assert told.count("Where do we sleep?") == 2


def test_every_change_of_a_conversation_has_a_revision_of_its_own(talk):
    talk.question.edit(talk.ana, "Where do we sleep?")
    talk.last.delete_by(talk.ana)
    revisions = list(talk.plans.messages.values_list("revision", flat=True))
    talk.plans.refresh_from_db()
    assert len(set(revisions)) == len(revisions)
    assert talk.plans.revision == max(revisions)


def test_a_reply_to_a_deleted_message_is_returned_in_the_box(talk, as_):
    talk.answer.delete_by(talk.ben)
    answer = reply(as_(talk.ana), talk.plans, "long thought about", talk.answer.pk)
    assert answer.status_code == 409
    form = answer.context["form"]
    assert (form["content"].value(), form["reply_to"].value()) == ("long thought about", "")


def test_replies_count_among_the_unread_messages(talk, as_):
    assert talk.plans.unread_counts_of([talk.ben.pk]).get()[:2] == (talk.ben.pk, 1)
