"""What the streams of a process need to know from the database, ready to send. All of this runs in threads."""

import json
from collections.abc import Collection, Iterable
from datetime import timedelta

from django.template.loader import render_to_string

from accounts.models import User, Visit
from accounts.models.locale import Locale
from accounts.models.visit import still_signed_in
from conversations.fragments import show_entries
from conversations.live.frames import frame
from conversations.live.subscription import Subscription
from conversations.models import Conversation, Membership, Message
from conversations.models.access import visible_pairs
from conversations.models.conversation.lists import PAGE
from conversations.models.timeline.changes import Changes, changes_since

RECENTLY = timedelta(seconds=10)


def read_changes(
    conversation: int, cursor: int, locales: Iterable[Locale], until: int | None = None
) -> tuple[Changes, dict[Locale, bytes]]:
    """Query a page of changes and render it; raise CursorTooOld, and DoesNotExist for a conversation that is gone."""
    there = Conversation.objects.filter(deleted_at__isnull=True)
    changes = changes_since(there.get(pk=conversation), cursor, until)
    return changes, render_changes(changes, locales)


def render_changes(changes: Changes, locales: Iterable[Locale]) -> dict[Locale, bytes]:
    """Write changes as an event, once for each locale."""
    context, found = {"changes": changes, "conversation": changes.conversation}, {}
    for locale in locales:
        with locale.active():
            found[locale] = frame("messages", render_to_string("conversation/_changes.html", context))
    return found


def render_entries(conversation: int, readers: dict[int, set[Locale]]) -> dict[tuple[int, Locale], bytes]:
    """Write the line that a conversation has in the inboxes of its members: {(user, locale): event}.

    `readers` maps the people who have a stream to their locales. Members whose line is the same in the same locale
    share what is rendered, but for a direct conversation, which each sees under another name. That of a deleted
    conversation goes.
    """
    place = Conversation.objects.filter(pk=conversation).with_preview().first()
    if place is None:
        return {}
    entries, rendered = {}, {}
    for user, unread, notify, mention_count in place.unread_counts_of(readers):
        if place.is_direct:
            place = Conversation.objects.inbox_of(User(pk=user)).filter(pk=conversation).first() or place
        place.unread, place.notify, place.mention_count = unread, notify, mention_count
        for locale in readers[user]:
            key = (user if place.is_direct else None, unread, notify, mention_count, locale)
            if key not in rendered:
                rendered[key] = frame("gone", str(place.pk)) if place.deleted_at else render_entry(place, locale)
            entries[user, locale] = rendered[key]
    return entries


def render_inbox(subscription: Subscription) -> list[bytes]:
    """Write the lines of somebody's inbox in which there was activity since their page was made, the newest last."""
    mine = Conversation.objects.inbox_of(User(pk=subscription.visit.user_id))
    page = mine.filter(last_message_at__gt=subscription.inbox_since)[:PAGE]
    return [render_entry(place, subscription.locale) for place in reversed(page)]


def render_entry(place: Conversation, locale: Locale) -> bytes:
    with locale.active():
        return frame("inbox", show_entries([place]))


def render_typing(conversation: int, typing: set[int], readers: set[int]) -> tuple[dict[int, bytes], set[int]]:
    """Write who is typing, as an event for each of them, and tell which of the `readers` are members, who may know."""
    names = Membership.objects.names_in(conversation, typing | readers)
    events = {}
    for user in typing & names.keys():
        words = {"conversation": conversation, "person": user, "name": names[user]}
        events[user] = frame("typing", json.dumps(words))
    return events, readers & names.keys()


def look_around(
    conversations: Collection[int], visits: Collection[Visit], pairs: Collection[tuple[int, int]]
) -> tuple[dict[int, int], set[Visit], set[tuple[int, int]], dict[int, int]]:
    """Read what announcements may have failed to say.

    Returns the revisions of these conversations, who of these visits is still signed in, which of these pairs (user,
    conversation) may still see, and the revision of each conversation in which something was posted RECENTLY.
    """
    revisions = dict(Conversation.objects.filter(pk__in=conversations).values_list("pk", "revision"))
    return (
        revisions,
        still_signed_in(visits),
        visible_pairs(Conversation.objects.all(), pairs),
        Message.objects.revisions_within(RECENTLY),
    )
