import pytest

from conversations.tests.factories import answer, say


@pytest.fixture
def talk(world):
    """Ana asks in Plans, and Ben replies in the thread alone."""
    world.question = say(world.plans, world.ana, "Where do we eat tonight?")
    world.reply = answer(world.question, world.ben, "At the harbour")
    return world
