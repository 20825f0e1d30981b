"""Help: one page that explains everything, linked from every page."""

import pytest

from conversations.text import markdown
from conversations.views.help import EXAMPLES


def test_examples_are_rendered_like_messages(world, as_):
    page = as_(world.ana).get("/help/").content.decode()
    assert "<strong>bold</strong>, <em>italic</em>, <s>struck out</s>" in page
    for example in EXAMPLES:
        assert markdown.with_labels(markdown.render(example).html) in page
        assert markdown.render(example) != markdown.as_it_is(example), "the example shows no formatting"


@pytest.mark.parametrize("address", ["/", "/c/{town}/", "/search/", "/settings/profile/", "/help/"])
def test_every_page_links_to_help(world, as_, address):
    assert 'href="/help/"' in as_(world.ana).get(address.format(town=world.town.pk)).content.decode()


def test_the_message_box_links_to_formatting(world, as_):
    assert 'href="/help/#formatting"' in as_(world.ana).get(f"/c/{world.town.pk}/").content.decode()


def test_only_owners_see_how_to_import(world, as_):
    assert "import_slack" not in as_(world.ana).get("/help/").content.decode()
    world.ana.role = world.ana.Role.OWNER
    world.ana.save()
    assert "import_slack" in as_(world.ana).get("/help/").content.decode()
