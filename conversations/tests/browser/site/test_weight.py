"""What a visit costs, measured in a browser on the site as it is served."""

import pytest

from conversations.tests.browser.conftest import Visitor

COLD, WARM, REQUESTS = 60_000, 15_000, 10
NOTICED = """(() => {
    document.addEventListener("live", ({detail}) => { window.isLive ||= detail.name === "open" })
    window.shifts = []
    new PerformanceObserver(list => { window.shifts.push(...list.getEntries()) })
        .observe({type: "layout-shift", buffered: true})
})()"""
SHIFT = "() => { document.querySelector('article').style.marginTop = '-200px'; return performance.now() }"
SHIFTED = """([from, to]) => window.shifts.filter(({startTime}) => startTime >= from && startTime < (to ?? Infinity))
    .reduce((sum, {value}) => sum + value, 0)"""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint').length"
BLOCKING = "() => document.querySelectorAll('script:not([type=module]):not([async]):not([defer])').length"
BLOCKED_BY = """() => performance.getEntriesByType("resource")
    .filter(({renderBlockingStatus}) => renderBlockingStatus === "blocking")
    .map(({name}) => new URL(name).pathname.split(".")[0])"""


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
        page.add_init_script(NOTICED)
        page.on("request", lambda request: self.requests.append(request.url))
        self.devtools.on("Network.loadingFinished", lambda event: self.add(event["encodedDataLength"]))

    def add(self, received):
        self.bytes += received

    def go(self, address):
        self.requests, self.bytes = [], 0
        self.page.goto(address)
        self.page.wait_for_function("() => window.isLive")  # all scripts have run
        self.page.evaluate("fetch('/healthz').then((answer) => answer.text())")  # a request after theirs
        assert self.requests.pop().endswith("/healthz")
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
    page.add_init_script(NOTICED)
    line = {"offline": False, "latency": 0, "downloadThroughput": bytes_a_second, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", line)
    page.goto(where)
    page.wait_for_function("() => window.isLive")
    now = page.evaluate(SHIFT)
    page.wait_for_function(f"(span) => ({SHIFTED})(span) > 0.02", arg=[now, None])  # it is told after all others
    assert page.evaluate(SHIFTED, [0, now]) < 0.02


def test_words_wait_for_a_style_sheet_and_for_no_script(new_context, address):
    where, known = address
    page = new_context(storage_state=known, service_workers="block").new_page()
    held = []
    page.route("**/*.js", lambda route: held.append(route))
    page.goto(where, wait_until="commit")
    page.wait_for_function(PAINTED)
    assert page.get_by_role("article").count() == 20
    assert page.evaluate(BLOCKED_BY) == ["/static/css/chatsite"]
    assert held, "there are scripts"
    page.unroute_all(behavior="ignoreErrors")
