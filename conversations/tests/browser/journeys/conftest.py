import pytest

from conversations.tests.browser.conftest import Visitor


@pytest.fixture
def three(served, new_context):
    """Open browsers for three people at a site without accounts: `three(**options)`. Fails if one reports an error."""
    visitors = []

    def open_browsers(**options):
        visitors.extend(Visitor(new_context(**options).new_page(), served.url) for _ in range(3))
        return visitors

    yield open_browsers
    assert [trouble for person in visitors for trouble in person.troubles if "ERR_" not in trouble] == []
