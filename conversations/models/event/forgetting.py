"""Remove the names of removed accounts from sentences that did not become events."""

from itertools import groupby
from operator import attrgetter

from django.db.models import Q

from accounts.models import User
from conversations.models.conversation.conversation import Conversation
from conversations.models.event.converting import IS_SENTENCE, Sentence, convert, is_named_in
from conversations.models.event.event import Event, Verb
from conversations.models.message.message import Message


def forget_name(person: User) -> None:
    """Replace the sentences that name a person by events, which only say that something changed if need be."""
    may_name = Q(content__contains=person.username) | Q(content__contains=person.name)
    rows = Message.objects.filter(IS_SENTENCE, may_name).order_by("conversation", "pk")
    sentences = [Sentence(*row) for row in rows.select_for_update(no_key=True).values_list(*Sentence._fields)]
    named = [sentence for sentence in sentences if is_named_in(person, sentence.content)]
    for conversation, group in groupby(named, attrgetter("conversation_id")):
        replace(Conversation(pk=conversation), list(group))


def replace(conversation: Conversation, sentences: list[Sentence]) -> None:
    ids = [sentence.pk for sentence in sentences]
    with conversation.changing():
        converted = set(convert(sentences))
        rest = [sentence.as_event(Verb.FORGOTTEN, {}) for sentence in sentences if sentence.pk not in converted]
        Event.objects.bulk_create(rest)
        Message.objects.filter(pk__in=ids).update(content="", html="")
        conversation.touch(ids)
