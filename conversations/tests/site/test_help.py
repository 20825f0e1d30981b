"""Help: one page that says how everything goes, reached from everywhere."""

import pytest

from conversations.text import markdown
from conversations.views.help import EXAMPLES


def test_examples_look_as_messages_do(world, as_):
    page = as_(world.ana).get("/help/").content.decode()
    assert "<strong>bold</strong>, <em>italic</em>, <s>struck out</s>" in page
    for example in EXAMPLES:
        assert markdown.render(example) in page
        assert markdown.render(example) != markdown.as_it_is(example), "an example that shows nothing"


@pytest.mark.parametrize("address", ["/", "/c/{town}/", "/search/", "/settings/profile/", "/help/"])
def test_it_is_a_link_away(world, as_, address):
    assert 'href="/help/"' in as_(world.ana).get(address.format(town=world.town.pk)).content.decode()


def test_the_box_for_messages_leads_to_formatting(world, as_):
    assert 'href="/help/#formatting"' in as_(world.ana).get(f"/c/{world.town.pk}/").content.decode()


def test_only_owners_read_how_to_import(world, as_):
    assert "import_slack" not in as_(world.ana).get("/help/").content.decode()
    world.ana.role = world.ana.Role.OWNER
    world.ana.save()
    assert "import_slack" in as_(world.ana).get("/help/").content.decode()
