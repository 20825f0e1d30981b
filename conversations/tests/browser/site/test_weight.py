"""What a visit costs, measured in a browser on the site as it is served."""

import pytest

from conversations.tests.browser.conftest import Visitor

COLD, WARM, REQUESTS = 60_000, 15_000, 10
SOON = 300  # milliseconds with a processor a fourth as fast
TRIES = 12  # the machine may be busy with other things
SHIFTS = """() => {
    window.shifted = 0
    new PerformanceObserver(list => { for (const shift of list.getEntries()) window.shifted += shift.value })
        .observe({type: "layout-shift", buffered: true})
}"""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
BLOCKING = "() => document.querySelectorAll('script:not([type=module]):not([async]):not([defer])').length"


@pytest.fixture
def address(served, new_context):
    """A conversation of twenty messages, and what somebody needs to open it who has never been there."""
    ana = Visitor(new_context().new_page(), served.url)
    ana.sign_up("ana")
    ana.start("Town hall")
    ana.send(*(f"message {number} " + "of some length " * 5 for number in range(20)))
    return ana.page.url.partition("#")[0], ana.page.context.storage_state()


class Visit:
    """One tab, and what comes into it over the wire."""

    def __init__(self, page):
        self.page, self.requests, self.bytes = page, [], 0
        self.devtools = page.context.new_cdp_session(page)
        self.devtools.send("Network.enable")
        page.on("request", lambda request: self.requests.append(request.url))
        self.devtools.on("Network.loadingFinished", lambda event: self.add(event["encodedDataLength"]))

    def add(self, received):
        self.bytes += received

    def go(self, address):
        self.requests, self.bytes = [], 0
        self.page.goto(address)
        self.page.wait_for_timeout(1000)  # for the stream, and what the scripts ask for
        assert self.page.get_by_role("article").count() == 20


def test_the_first_page_is_light_and_asks_nobody_else_and_the_next_one_is_lighter(served, new_context, address):
    where, known = address
    visit = Visit(new_context(storage_state=known, service_workers="block").new_page())  # what it fetches isn't seen
    visit.go(where)
    assert all(url.startswith((served.url, "data:")) for url in visit.requests)
    assert len(visit.requests) <= REQUESTS
    assert visit.bytes <= COLD
    print(f"first visit: {len(visit.requests)} requests, {visit.bytes} bytes")  # noqa: T201
    assert visit.page.evaluate(BLOCKING) == 0
    visit.go(f"{where}?again")
    assert 0 < visit.bytes <= WARM
    print(f"next page: {len(visit.requests)} requests, {visit.bytes} bytes")  # noqa: T201


@pytest.mark.parametrize("bytes_a_second", [-1, 5_000], ids=["all at once", "in many parts"])
def test_nothing_moves_while_a_page_comes(new_context, address, bytes_a_second):
    where, known = address
    page = new_context(storage_state=known, service_workers="block").new_page()
    page.goto(where)  # so that the style sheets are there before the next page's words
    page.add_init_script(f"({SHIFTS})()")
    line = {"offline": False, "latency": 0, "downloadThroughput": bytes_a_second, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", line)
    page.goto(where)
    page.wait_for_timeout(1000)
    assert page.evaluate("() => window.shifted") < 0.02
    page.evaluate("() => { document.querySelector('article').style.marginTop = '-200px' }")
    page.wait_for_function("() => window.shifted > 0.02")  # it would have been seen


def test_words_are_there_soon_also_on_a_slow_machine(new_context, address):
    """The best of some tries: what it can be, not what a busy machine lets it be."""
    where, known = address
    page = new_context(storage_state=known).new_page()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    tries = []
    while len(tries) < TRIES and not (tries and min(tries) <= SOON):
        page.goto(where)
        page.wait_for_function(PAINTED)
        tries.append(page.evaluate(PAINTED))
    print(f"first contentful paint: {min(tries):.0f} ms after {len(tries)} tries")  # noqa: T201
    assert min(tries) <= SOON
