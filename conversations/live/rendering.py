"""Queries and events for the streams of a process. All of these functions run in threads."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.template.loader import render_to_string

from accounts.models import User, Visit
from accounts.models.locale import Locale
from accounts.models.visit import still_signed_in
from conversations.fragments.entries import is_newest_by, show_entries
from conversations.live.frames import frame
from conversations.live.subscription import Perspective, Subscription
from conversations.models import Conversation, Membership, Message, ThreadFollower
from conversations.models.access import visible_pairs
from conversations.models.conversation.lists import PAGE_CONVERSATIONS
from conversations.models.thread.lists import unread_threads
from conversations.models.timeline.changes import CHANGES_PAGE, Changes, changes_since

RECENT_PERIOD = timedelta(seconds=10)


def read_changes(
    conversation: int,
    cursor: int,
    perspectives: Iterable[Perspective],
    until: int | None = None,
    size: int = CHANGES_PAGE,
) -> tuple[Changes, dict[Perspective, bytes]]:
    """Query a page of changes and render it; raise CursorTooOld, or DoesNotExist for a deleted conversation."""
    present = Conversation.objects.filter(deleted_at__isnull=True)
    found = present.get(pk=conversation)
    changes = changes_since(found, found.messages.all(), cursor, until, size)
    return changes, render_changes(changes, perspectives)


def render_changes(changes: Changes, perspectives: Iterable[Perspective]) -> dict[Perspective, bytes]:
    """Write changes as an event for each perspective; those that see the same in one locale share the event."""
    found: dict[Perspective, bytes] = {}
    for perspective in sorted(perspectives, key=lambda each: each.since is not None):
        seen = changes if perspective.since is None else changes.seen_since(perspective.since)
        everything = Perspective(perspective.locale)
        if seen is changes and everything in found:
            found[perspective] = found[everything]
        else:
            found[perspective] = render_event(seen, perspective.locale)
    return found


def render_event(changes: Changes, locale: Locale) -> bytes:
    context = {"changes": changes, "conversation": changes.conversation}
    with locale.active():
        return frame("messages", render_to_string("conversation/_changes.html", context))


def render_inboxes(conversation: int, readers: dict[int, set[Locale]], is_own: bool) -> list[tuple[int, Locale, bytes]]:
    """Render what changes beside the pages of these people after a change of a conversation: (user, locale, event).

    These are its entry, and the number of unread threads of those for whom it may have changed: of all of them after
    they did something themselves (`is_own`), else of those with unread replies in this conversation.
    """
    entries = render_entries(conversation, readers)
    changed = readers.keys() if is_own else ThreadFollower.objects.users_with_unread(conversation, readers)
    people = User.objects.active().filter(pk__in=changed)
    counts = {person.pk: frame("threads", str(unread_threads(person))) for person in people}
    events = [(user, locale, event) for (user, locale), event in entries.items()]
    return events + [(user, locale, event) for user, event in counts.items() for locale in readers[user]]


def render_entries(conversation: int, readers: dict[int, set[Locale]]) -> dict[tuple[int, Locale], bytes]:
    """Render the entry of a conversation in the inboxes of its members: {(user, locale): event}.

    `readers` maps the people who have a stream to their locales. Members with the same counts and locale share one
    rendering, except in a direct conversation, whose name differs for each. A deleted conversation gets "gone".
    """
    entry = Conversation.objects.filter(pk=conversation).with_preview().first()
    if entry is None:
        return {}
    entries, rendered = {}, {}
    newest = entry.newest
    for user, unread, notify, mention_count, since in entry.unread_counts_of(readers):
        if entry.is_direct and not entry.deleted_at:
            found = Conversation.objects.inbox_of(User(pk=user)).filter(pk=conversation).first()
            if found is None:  # nobody has written to this person yet
                continue
            entry, newest = found, found.newest
        entry.unread, entry.notify, entry.mention_count = unread, notify, mention_count
        entry.newest = None if since and entry.last_message_at < since else newest
        is_own = is_newest_by(user, entry)
        for locale in readers[user]:
            key = (user if entry.is_direct else None, unread, notify, mention_count, entry.newest, is_own, locale)
            if key not in rendered:
                rendered[key] = frame("gone", str(entry.pk)) if entry.deleted_at else render_entry(entry, user, locale)
            entries[user, locale] = rendered[key]
    return entries


def render_inbox(subscription: Subscription) -> list[bytes]:
    """Render the inbox entries with activity since the page was made, the newest last, and the totals.

    By the totals a page finds out that something was read elsewhere while it had no stream.
    """
    reader = subscription.visit.user_id
    mine = Conversation.objects.inbox_of(User(pk=reader))
    page = mine.filter(last_message_at__gt=subscription.inbox_since)[:PAGE_CONVERSATIONS]
    totals = Conversation.objects.totals_of(User(pk=reader))
    sums = [frame("totals", f"{totals.unread} {totals.mentions}"), frame("threads", str(totals.threads))]
    return [render_entry(entry, reader, subscription.locale) for entry in reversed(page)] + sums


def render_entry(entry: Conversation, reader: int, locale: Locale) -> bytes:
    """Render the entry for the sidebar and the one for the inbox."""
    with locale.active():
        row = show_entries([entry], reader, template="inbox/_row.html")
        return frame("inbox", f"{row}\n{show_entries([entry], reader)}")


def render_typing(conversation: int, typing: set[int], readers: set[int]) -> tuple[dict[int, bytes], set[int]]:
    """Render an event for each person who is typing; return the `readers` who are members, as only they see it."""
    names = Membership.objects.names_in(conversation, typing | readers)
    events = {}
    for user in typing & names.keys():
        words = {"conversation": conversation, "person": user, "name": names[user]}
        events[user] = frame("typing", json.dumps(words))
    return events, readers & names.keys()


def read_state(
    conversations: Collection[int], visits: Collection[Visit], pairs: Collection[tuple[int, int]]
) -> tuple[dict[int, int], set[Visit], dict[tuple[int, int], datetime | None], dict[int, int]]:
    """Read the state that missed announcements would have changed.

    Returns the revisions of these conversations, the visits that are still signed in, the pairs (user, conversation)
    in which the user may still see the conversation, with the start of their history, and the revision of each
    conversation with posts in the last RECENT_PERIOD.
    """
    revisions = dict(Conversation.objects.filter(pk__in=conversations).values_list("pk", "revision"))
    return (
        revisions,
        still_signed_in(visits),
        visible_pairs(Conversation.objects.all(), pairs),
        Message.objects.revisions_within(RECENT_PERIOD),
    )
