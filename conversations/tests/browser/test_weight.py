"""What the first visit costs, measured in a browser on the site as it is served."""

from conversations.tests.browser.conftest import Visitor


def test_the_first_page_is_light_and_asks_nobody_else(served, new_context):
    ana = Visitor(new_context().new_page(), served.url)
    ana.sign_up("ana")
    ana.start("Town hall")
    ana.send(*(f"message {number} " + "of some length " * 5 for number in range(20)))
    address = ana.page.url.partition("#")[0]

    fresh = new_context(storage_state=ana.page.context.storage_state()).new_page()
    network = fresh.context.new_cdp_session(fresh)
    network.send("Network.enable")
    requests, bytes_received = [], []
    fresh.on("request", lambda request: requests.append(request.url))
    network.on("Network.loadingFinished", lambda event: bytes_received.append(event["encodedDataLength"]))
    fresh.goto(address)
    fresh.wait_for_timeout(1000)  # for the stream, and what the scripts ask for
    assert fresh.get_by_role("article").count() == 20
    assert all(url.startswith((served.url, "data:")) for url in requests)
    assert len(requests) <= 10
    assert sum(bytes_received) <= 60_000
    print(f"first visit: {len(requests)} requests, {sum(bytes_received)} bytes")  # noqa: T201
