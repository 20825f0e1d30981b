from uuid import uuid4

import factory

from conversations.models import Conversation, Membership, Message


class ConversationFactory(factory.django.DjangoModelFactory):
    """A conversation with `members` in it; open if nothing else is said."""

    class Meta:
        model = Conversation
        skip_postgeneration_save = True

    title = factory.Sequence(lambda number: f"Conversation {number}")

    @factory.post_generation
    def members(self, create, people, **_):
        Membership.objects.add(self, people or [])


def say(conversation, author, *texts):
    """Post messages as the site does; return the last one."""
    return [Message.objects.post(conversation, author, text, uuid4()) for text in texts][-1]


def history(conversation, author, moments):
    """Put messages with given times into a conversation, as an import does."""
    rows = [
        Message(
            conversation=conversation, user=author, content=f"number {number}", created_at=moment, client_key=uuid4()
        )
        for number, moment in enumerate(moments)
    ]
    return Message.objects.bulk_create(rows)
