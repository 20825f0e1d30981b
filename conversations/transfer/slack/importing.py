"""Import of a Slack export: people, conversations, messages. Running it again adds only what is new."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import available_timezones

from django.db import transaction
from django.urls import reverse

from accounts.models import Audit, User
from conversations.models import Conversation, Message
from conversations.models.access import readers_of
from conversations.models.message.importing import import_messages
from conversations.models.starting import MAX_DIRECT_PEOPLE
from conversations.text import markdown
from conversations.transfer.slack.archive import Channel, SlackArchive
from conversations.transfer.slack.mrkdwn import Names, in_plain_words, to_markdown
from conversations.transfer.slack.records import (
    Record,
    author_name,
    author_of,
    is_written,
    left_behind_of,
    part,
    time_of,
    word,
    words_of,
)


@dataclass
class Report:
    """The outcome of an import: read = written + system + the sum of skipped."""

    read: int = 0
    written: int = 0
    system: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    left_behind: Counter[str] = field(default_factory=Counter)
    people: int = 0
    conversations: int = 0
    taken_addresses: int = 0


class SlackImport:
    """One import of one archive."""

    def __init__(self, archive: SlackArchive, *, match_email: bool = False) -> None:
        """With `match_email`, assign messages from Slack to existing accounts with the same e-mail address."""
        self.archive = archive
        self.match_email = match_email
        self.report = Report()
        self.people: dict[str, User] = {}
        self.new_people: set[User] = set()
        self.conversations: dict[str, Conversation] = {}

    def run(self, begin: Callable[[int], None], advance: Callable[[int], None]) -> Report:
        """Import everything; call `begin` with the number of files, and `advance` with the number just imported."""
        matching = "matching accounts by e-mail address" if self.match_email else ""
        Audit.objects.record(None, "imported from Slack", details=matching)
        channels = self.archive.channels()
        begin(sum(len(channel.files) for channel in channels))
        for entry in self.archive.people():
            self.people[entry["id"]] = self.import_person(entry)
        for channel in channels:
            self.conversations[channel.id] = self.import_conversation(channel)
        for channel in channels:
            self.import_messages(channel, advance)
        return self.report

    def import_person(self, entry: Record) -> User:
        origin, profile = f"slack:{entry['id']}", part(entry, "profile")
        email = word(profile, "email").lower()[:255]
        known = User.objects.filter(origin=origin).first() or self.account_with(email, origin)
        if known:
            return known
        name = word(profile, "display_name") or word(entry, "real_name") or word(profile, "real_name")
        account = User(
            origin=origin,
            username=word(entry, "name") or entry["id"],
            email=email,
            display_name=name,
            time_zone=entry["tz"] if word(entry, "tz") in available_timezones() else "UTC",
            is_active=not (entry.get("deleted") or entry.get("is_bot")),
        )
        return self.make_account(account)

    def account_with(self, email: str, origin: str) -> User | None:
        """Find the account with an e-mail address and link it to `origin`, if accounts are to be matched."""
        found = User.objects.filter(email=email).first() if email else None
        if found and self.match_email and not found.origin:
            found.set_origin(origin)
            return found
        self.report.taken_addresses += bool(found)
        return None

    def make_account(self, account: User) -> User:
        person = User.objects.import_person(account)
        self.new_people.add(person)
        self.report.people += 1
        return person

    def author(self, record: Record) -> User | None:
        """Find the author of a record; bots and people missing from users.json get an inactive account."""
        slack_id = author_of(record)
        if slack_id and slack_id not in self.people:
            origin, name = f"slack:{slack_id}", "slackbot" if slack_id == "USLACKBOT" else author_name(record)
            known = User.objects.filter(origin=origin).first()
            left_out = User(origin=origin, username=name, display_name=name, is_active=False)
            self.people[slack_id] = known or self.make_account(left_out)
        return self.people.get(slack_id)

    @transaction.atomic
    def import_conversation(self, channel: Channel) -> Conversation:
        members = [self.people[slack_id] for slack_id in channel.members if slack_id in self.people]
        conversation = Conversation.objects.filter(origin=channel.origin).first()
        if conversation is None:
            conversation = self.make_conversation(channel, members)
            self.report.conversations += 1
        elif not conversation.is_direct:  # people who have left since the last import stay out
            conversation.admit(self.new_people.intersection(members))
        return conversation

    def make_conversation(self, channel: Channel, members: list[User]) -> Conversation:
        if channel.kind == Conversation.Kind.DIRECT and 2 <= len(set(members)) <= MAX_DIRECT_PEOPLE:
            conversation = Conversation.objects.direct_among(set(members), created_by=members[0])
            conversation.set_origin(channel.origin)
            return conversation
        entry, is_open = channel.entry, channel.kind == Conversation.Kind.OPEN
        topic = word(part(entry, "topic"), "value") or word(part(entry, "purpose"), "value")
        conversation = Conversation.objects.create(
            origin=channel.origin,
            kind=Conversation.Kind.OPEN if is_open else Conversation.Kind.PRIVATE,
            title=(word(entry, "name") or "Notes")[:255],
            topic=in_plain_words(topic)[:250],
            created_by=self.people.get(word(entry, "creator")),
            **times_of(entry),
        )
        conversation.admit(members)
        return conversation

    def import_messages(self, channel: Channel, advance: Callable[[int], None]) -> None:
        conversation, names, found = self.conversations[channel.id], self.names(), []
        for file in channel.files:
            records = self.archive.read(file)
            self.report.read += len(records)
            found += [message for record in records if (message := self.message(channel, record, names))]
            advance(1)
        if not channel.is_listed:
            conversation.admit({message.user for message in found if message.user})
        readers = readers_of(conversation.pk, conversation.kind).called(names.people.values())
        people = frozenset(readers.values_list("username", flat=True))
        for message in found:
            message.take_over(markdown.render(message.content, people))
        fresh = import_messages(conversation, found)
        self.report.written += sum(not message.is_system for message in fresh)
        self.report.system += sum(message.is_system for message in fresh)
        self.report.skipped["already here, or twice in the archive"] += len(found) - len(fresh)

    def names(self) -> Names:
        """Map ids to the names of people and open conversations; other titles are not for everyone to read."""
        return Names(
            {slack_id: person.username for slack_id, person in self.people.items()},
            {
                slack_id: (conversation.title or "", reverse("conversation", args=[conversation.pk]))
                for slack_id, conversation in self.conversations.items()
                if conversation.kind == Conversation.Kind.OPEN and not conversation.deleted_at
            },
        )

    def message(self, channel: Channel, record: Any, names: Names) -> Message | None:
        """Build the unsaved message of a record; None if it is skipped, which the report counts by reason."""
        try:
            if reason := why_skipped(record):
                raise ValueError(reason)
            created_at, words = time_of(record), words_of(record)
            if not words:
                raise ValueError("no words")
        except ValueError as error:
            self.report.skipped[str(error)] += 1
            return None
        self.report.left_behind.update(left_behind_of(record))
        content = to_markdown(words, names)
        return Message(
            user=self.author(record) if is_written(record) else None,
            is_system=not is_written(record),
            content=content,
            created_at=created_at,
            client_key=uuid5(NAMESPACE_URL, f"{channel.origin}:{record['ts']}"),
        )


def why_skipped(record: Any) -> str:
    """Return why a record is not a message; '' if it is one."""
    if not isinstance(record, dict) or record.get("type") != "message":
        return "not a message"
    return "deleted in Slack" if record.get("subtype") == "tombstone" else ""


def times_of(entry: Record) -> dict[str, datetime]:
    """Return the creation time of a conversation, also as the time of its last message; now, if it is unknown."""
    try:
        created = time_of({"ts": str(entry.get("created"))})
    except ValueError:
        created = datetime.now(UTC)
    times = {"created_at": created, "last_message_at": created}
    return times | {"archived_at": created} if entry.get("is_archived") else times
