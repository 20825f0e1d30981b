from types import SimpleNamespace

import pytest

from accounts.tests.factories import UserFactory
from conversations.models import Conversation
from conversations.tests.factories import ConversationFactory
from conversations.transfer.slack.tests.export import write


@pytest.fixture
def world(db):
    """Ana and Ben share a private, an open and a direct conversation; Olga is a member of none."""
    ana, ben = UserFactory(username="ana", display_name="Ana Lima"), UserFactory(username="ben")
    return SimpleNamespace(
        ana=ana,
        ben=ben,
        olga=UserFactory(username="olga"),
        plans=ConversationFactory(title="Plans", kind="private", members=[ana, ben]),
        town=ConversationFactory(title="Town hall", topic="For all", members=[ana, ben]),
        direct=Conversation.objects.direct(ana, [ben]),
    )


@pytest.fixture
def garden(world):
    """A private conversation that Ana owns, with Ben as a member."""
    return Conversation.objects.start(world.ana, "Garden", "private", [world.ben])


@pytest.fixture
def boss(world):
    """An owner of the workspace."""
    return UserFactory(username="boss", role="owner")


@pytest.fixture
def archive(tmp_path):
    """Write a Slack export and return its path: `archive()`, or with some files replaced."""
    return lambda **files: write(tmp_path / "export.zip", **files)


@pytest.fixture
def files(settings, tmp_path):
    """The folder in which attachments are stored, empty at the start of the test."""
    where = {"location": tmp_path / "files"}
    settings.STORAGES = settings.STORAGES | {"files": settings.STORAGES["files"] | {"OPTIONS": where}}
    return where["location"]
