"""The page of threads."""

import re

from accounts.models.limits import unlimited
from conversations.models.thread.lists import PAGE_THREADS, unread_threads
from conversations.tests.factories import answer, say


def titles(page):
    """Return the first messages of the listed threads, in order."""
    sections = page[page.index('class="message-list threads"') :].split("<section")[1:]
    return [re.search(r"question \d+", section)[0] for section in sections]


def test_unread_threads_come_first_with_their_last_replies(world, as_):
    client = as_(world.ana)
    assert "No threads yet." in client.get("/threads/").content.decode()
    with unlimited():
        questions = [say(world.plans, world.ana, f"question {number}") for number in range(3)]
        for number, question in enumerate(questions):
            for part in "abcd":
                answer(question, world.ben, f"reply {number}{part}")
        for number in (1, 2):
            questions[number].mark_thread_read(world.ana, questions[number].replies.last())
    page = client.get("/threads/").content.decode()
    assert titles(page) == ["question 0", "question 2", "question 1"]
    assert page.count('<span class="label">new replies</span>') == page.count(" data-unread>last") == 1
    shown = [part for part in "abcd" if f"reply 2{part}" in page]
    assert shown == ["b", "c", "d"]
    assert page.index("reply 2b") < page.index("reply 2d")
    assert "4 replies" in page
    assert '<span class="count" data-total="threads">1<' in page


def test_threads_are_marked_as_read_one_by_one_or_all_at_once(world, as_):
    client = as_(world.ana)
    with unlimited():
        for number in range(3):
            last = answer(say(world.plans, world.ana, f"question {number}"), world.ben, f"yes, @ana {number}")
    page = client.get("/threads/").content.decode()
    assert page.count('name="from_list"') == 3
    read = client.post(f"/m/{last.thread_id}/thread/read/", {"message": last.pk, "from_list": 1})
    assert read["Location"] == "/threads/"
    assert unread_threads(world.ana) == 2
    page = client.post("/threads/read/", follow=True).content.decode()
    assert "All threads are marked as read." in page
    assert unread_threads(world.ana) == 0
    assert "not read yet" not in client.get("/mentions/").content.decode()
    assert client.get("/threads/read/")["Location"] == "/threads/"


def test_the_list_has_pages(world, as_):
    client, count = as_(world.ana), 2 * PAGE_THREADS + 3
    with unlimited():
        for number in range(count):
            answer(say(world.plans, world.ana, f"question {number}"), world.ben, "yes")
        for first in world.plans.messages.filter(thread=None, is_system=False)[: PAGE_THREADS + 5]:
            first.mark_thread_read(world.ana, first.replies.get())
    found, address = [], "/threads/"
    while address:
        page = client.get(address).content.decode()
        found += titles(page)
        more = re.search(r'href="(\?earlier=[^"]+)"', page)
        address = more and f"/threads/{more[1]}"
    unread = [f"question {number}" for number in range(count - 1, PAGE_THREADS + 4, -1)]
    assert found == unread + [f"question {number}" for number in range(PAGE_THREADS + 4, -1, -1)]


def test_long_messages_make_short_pages(world, as_):
    with unlimited():
        for number in range(5):
            question = say(world.plans, world.ana, f"question {number} " + "<&>" * 3_000)
            for _ in range(3):
                answer(question, world.ben, "<&>" * 3_000)
    page = as_(world.ana).get("/threads/")
    assert len(page.content) < 300_000
    assert titles(page.content.decode())
