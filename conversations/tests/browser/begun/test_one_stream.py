"""Any number of tabs share one event stream, in browsers with shared workers and without."""

import pytest
from playwright.sync_api import expect

ALONE = "delete window.SharedWorker"
WITHOUT_LOCKS = f"{ALONE}; Object.defineProperty(navigator, 'locks', {{ value: undefined }})"
TABS = 8
HEARD = "(words) => [...document.querySelectorAll('article .body')].some((body) => body.textContent.includes(words))"
SHOW = """(state) => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def open_tabs(visitor, number):
    """Open the page of a visitor in more tabs; each has to load."""
    tabs = [visitor.page]
    for _ in range(number - 1):
        tab = visitor.page.context.new_page()
        tab.goto(visitor.page.url, timeout=10_000)
        expect(tab.locator("message-composer.live")).to_be_visible()
        tabs.append(tab)
    return tabs


def all_hear(tabs, words):
    for tab in tabs:
        tab.wait_for_function(HEARD, arg=words, timeout=10_000)


@pytest.mark.parametrize("script", ["", ALONE], ids=["shared worker", "no shared worker"])
def test_all_tabs_load_and_show_each_message(people, script):
    ana, ben = people(script)
    asked = []
    ben.page.context.on("request", lambda request: "/events/" in request.url and asked.append(request.frame.page))
    tabs = open_tabs(ben, TABS)
    ana.send("to all")
    all_hear(tabs, "to all")
    assert set(asked) == ({ben.page} if script else set()), "streams of shared workers belong to no page"


def test_when_the_tab_with_the_stream_is_closed_another_takes_over(people):
    ana, ben = people(ALONE)
    tabs = open_tabs(ben, 3)
    ana.send("first")
    all_hear(tabs, "first")
    tabs.pop(0).close(run_before_unload=True)
    ana.send("second")
    all_hear(tabs, "second")
    tabs.pop().close(run_before_unload=True)
    ana.send("third")
    all_hear(tabs, "third")


def test_a_frozen_tab_gives_the_stream_to_another_and_catches_up_afterwards(people):
    ana, ben = people(ALONE)
    first, second = open_tabs(ben, 2)
    first.evaluate("() => { document.dispatchEvent(new Event('freeze')); }")
    ana.send("meanwhile")
    all_hear([second], "meanwhile")
    assert not first.evaluate(HEARD, "meanwhile")
    first.evaluate("() => { document.dispatchEvent(new Event('resume')); }")
    all_hear([first], "meanwhile")
    ana.send("afterwards")
    all_hear([first, second], "afterwards")


def test_without_locks_a_hidden_tab_has_no_stream(people):
    ana, ben = people(WITHOUT_LOCKS)
    ana.send("first")
    all_hear([ben.page], "first")
    ben.page.evaluate(SHOW, "hidden")
    other = open_tabs(ben, 2)[1]
    ana.send("meanwhile")
    all_hear([other], "meanwhile")
    assert not ben.page.evaluate(HEARD, "meanwhile")
    ben.page.evaluate(SHOW, "visible")
    all_hear([ben.page], "meanwhile")
