"""The requests, bytes and layout shifts of a visit, measured in a browser on a running site."""

import re

import pytest
from playwright.sync_api import expect

from conversations.tests.browser.conftest import Visitor

COLD, WARM, REQUESTS = 60_000, 15_000, 10
TALL = {"width": 1440, "height": 1400}  # the newest messages leave room above them
NOTICED = """(() => {
    document.addEventListener("live", ({detail}) => { window.isLive ||= detail.name === "open" })
    window.shifts = []
    new PerformanceObserver(list => { window.shifts.push(...list.getEntries()) })
        .observe({type: "layout-shift", buffered: true})
})()"""
SHIFT = """() => {
    document.querySelector("main").style.marginTop = "200px";
    return performance.now();
}"""
SHIFTED = """([from, to]) => window.shifts.filter(({startTime}) => startTime >= from && startTime < (to ?? Infinity))
    .reduce((sum, {value}) => sum + value, 0)"""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint').length"
BLOCKING = "() => document.querySelectorAll('script:not([type=module]):not([async]):not([defer])').length"
BLOCKED_BY = """() => performance.getEntriesByType("resource")
    .filter(({renderBlockingStatus}) => renderBlockingStatus === "blocking")
    .map(({name}) => new URL(name).pathname.split(".")[0])"""


@pytest.fixture
def address(served, new_context):
    """The address of a conversation with more than twenty messages, and the cookies to open it with an empty cache."""
    ana = Visitor(new_context().new_page(), served.url)
    ana.sign_up("ana")
    ana.start("Town hall")
    ana.send(*(f"message {number} " + "of some length " * 5 for number in range(25)))
    return ana.page.url.partition("#")[0], ana.page.context.storage_state()


class Visit:
    """One tab, its requests, and the bytes that it receives."""

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
        self.page.wait_for_function("() => window.isLive")  # when all scripts have run
        self.page.evaluate("fetch('/healthz').then((answer) => answer.text())")  # a request after those of the page
        assert self.requests.pop().endswith("/healthz")
        assert self.page.get_by_role("article").count() == 20


def test_the_first_page_is_small_without_other_hosts_and_the_next_one_smaller(served, new_context, address):
    where, known = address
    visit = Visit(new_context(storage_state=known, service_workers="block").new_page())  # its requests are not recorded
    visit.go(where)
    assert all(url.startswith((served.url, "data:")) for url in visit.requests)
    scripts = {name for url in visit.requests for name in re.findall(r"/static/js/(.+?)\.", url)}
    assert scripts == {"chatsite", "live-worker"}, "other scripts load on first use"
    assert len(visit.requests) <= REQUESTS
    assert visit.bytes <= COLD
    print(f"first visit: {len(visit.requests)} requests, {visit.bytes} bytes")  # noqa: T201
    assert visit.page.evaluate(BLOCKING) == 0
    visit.go(f"{where}?again")
    assert 0 < visit.bytes <= WARM
    print(f"next page: {len(visit.requests)} requests, {visit.bytes} bytes")  # noqa: T201


@pytest.mark.parametrize("bytes_a_second", [-1, 5_000], ids=["all at once", "in many parts"])
def test_loading_a_page_causes_no_layout_shift(new_context, address, bytes_a_second):
    where, known = address
    page = new_context(storage_state=known, service_workers="block").new_page()
    page.goto(where)  # so that the style sheets are cached before the next load
    page.add_init_script(NOTICED)
    line = {"offline": False, "latency": 0, "downloadThroughput": bytes_a_second, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", line)
    page.goto(where)
    page.wait_for_function("() => window.isLive")
    now = page.evaluate(SHIFT)
    page.wait_for_function(
        f"(span) => ({SHIFTED})(span) > 0.02", arg=[now, None]
    )  # it is reported after all other shifts
    assert page.evaluate(SHIFTED, [0, now]) < 0.02


def test_older_messages_above_a_short_page_cause_no_layout_shift(new_context, address):
    where, known = address
    ana = Visitor(new_context(storage_state=known, service_workers="block", viewport=TALL).new_page(), where)
    ana.page.goto(where)
    ana.page.add_init_script(NOTICED)
    ana.page.goto(f"{where}?again")
    expect(ana.page.get_by_role("article")).to_have_count(25)
    now = ana.page.evaluate(SHIFT)
    ana.page.wait_for_function(f"(span) => ({SHIFTED})(span) > 0.02", arg=[now, None])
    assert ana.page.evaluate(SHIFTED, [0, now]) < 0.02


def test_style_sheets_block_rendering_and_scripts_do_not(new_context, address):
    where, known = address
    page = new_context(storage_state=known, service_workers="block").new_page()
    held = []
    page.route("**/*.js", lambda route: held.append(route))
    page.goto(where, wait_until="commit")
    page.wait_for_function(PAINTED)
    assert page.get_by_role("article").count() == 20
    assert page.evaluate(BLOCKED_BY) == ["/static/css/chatsite"]
    assert held, "scripts were requested"
    page.unroute_all(behavior="ignoreErrors")
