"""Messages with everything that belongs to them, as lines for COPY."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from uuid import UUID

from chatsite.trials.benchmark.filling import rates
from chatsite.trials.benchmark.filling.size import Size
from chatsite.trials.benchmark.filling.threads import CHUNK, Threads
from chatsite.trials.benchmark.filling.vocabulary import vocabulary

BEGAN = datetime(2024, 11, 1, tzinfo=UTC)
TWO_YEARS = timedelta(days=730)
SOON = timedelta(minutes=2)  # after which people react, edit or pin
MAX_WORDS = 24
MAX_PINS = 100  # in one conversation, as the site allows
NULL = r"\N"
TABLES = {
    "messages": (
        "id, conversation_id, user_id, content, html, file_names, has_extras, client_key, revision, created_at,"
        " edited_at, reply_to_id, thread_id, has_link, has_code, plain_text"
    ),
    "message_reactions": "message_id, emoji, user_id, created_at",
    "attachments": "message_id, position, name, content_type, size, key, width, height",
    "pins": "message_id, conversation_id, pinned_by_id, pinned_at",
    "message_earlier_texts": "message_id, content, html, replaced_at",
}
REACTION_COUNTS = list(rates.REACTIONS_UNDER_A_MESSAGE)
REACTION_WEIGHTS = list(accumulate(rates.REACTIONS_UNDER_A_MESSAGE.values()))
EMOJI, EMOJI_WEIGHTS = list(rates.EMOJI), list(accumulate(rates.EMOJI.values()))


class Messages:
    """Everything that people wrote and added in two years; `newest` is the last message of each conversation."""

    def __init__(self, size: Size, members: list[list[int]], rng: random.Random) -> None:
        self.size, self.members, self.rng = size, members, rng
        self.threads = Threads(size, rng)
        self.step = TWO_YEARS / size.messages
        self.revisions = Counter[int]()
        self.pins = Counter[int]()
        self.newest: dict[int, tuple[int, datetime]] = {}
        self.lines: dict[str, list[str]] = {}

    def chunks(self) -> Iterator[dict[str, list[str]]]:
        """Yield the lines of each table for the next messages."""
        words, weights = vocabulary()
        for start in range(0, self.size.messages, CHUNK):
            self.lines = {table: [] for table in TABLES}
            count = min(CHUNK, self.size.messages - start)
            lengths = [1 + int((MAX_WORDS - 1) * self.rng.random() ** 1.6) for _ in range(count)]
            text, at = self.rng.choices(words, cum_weights=weights, k=sum(lengths)), 0
            for number, length in enumerate(lengths, start + 1):
                self.write(number, " ".join(text[at : at + length]))
                at += length
            yield self.lines

    def write(self, number: int, words: str) -> None:
        """Write one message; `has_extras` is set exactly where a page has something to look up."""
        conversation = self.threads.conversations[number]
        members = self.members[conversation - 1]
        author = members[int(len(members) * self.rng.random() ** 2)]
        moment = BEGAN + self.step * number
        content, html = self.with_link_or_code(number, words)
        file_name = self.attach(number)
        answered, thread = self.threads.replied_to[number], self.threads.threads[number]
        has_reactions = self.react(number, members, moment)
        is_pinned = self.pin(number, conversation, author, moment)
        has_extras = bool(file_name or answered or self.threads.has_replies[number] or has_reactions or is_pinned)
        edited_at = self.edit(number, words, moment)
        self.revisions[conversation] += 1
        self.newest[conversation] = (number, moment)
        self.add(
            *("messages", number, conversation, author, content, html, file_name, "t" if has_extras else "f"),
            *(UUID(int=number), self.revisions[conversation], moment.isoformat(), edited_at),
            *(answered or NULL, thread or NULL, "<a " in html, "<code>" in html),
            content.replace("`", "") if "`" in content else NULL,
        )

    def add(self, table: str, *values: object) -> None:
        self.lines[table].append("\t".join(map(str, values)) + "\n")

    def with_link_or_code(self, number: int, words: str) -> tuple[str, str]:
        """Add a link or code to some messages; return content and HTML."""
        kind = self.rng.random()
        if kind < rates.WITH_LINK:
            address = f"https://example.org/{number}"
            return f"{words} {address}", f'<p>{words} <a href="{address}">{address}</a></p>'
        if kind < rates.WITH_LINK + rates.WITH_CODE:
            return f"{words} `x = {number}`", f"<p>{words} <code>x = {number}</code></p>"
        return words, f"<p>{words}</p>"

    def attach(self, number: int) -> str:
        """Attach a file to some messages; return its name. No file is stored, as pages only show its name."""
        if self.rng.random() >= rates.WITH_FILE:
            return ""
        key = UUID(int=number).hex
        key = f"{key[-2:]}/{key}"
        if self.rng.random() < rates.PICTURES:
            name = f"photo-{number}.png"
            self.add("attachments", number, 0, name, "image/png", 150_000, key, 1280, 800)
        else:
            name = f"report-{number}.pdf"
            self.add("attachments", number, 0, name, "application/pdf", 400_000, key, NULL, NULL)
        return name

    def react(self, number: int, members: list[int], moment: datetime) -> bool:
        """Let people react to some messages, most of them with the same emoji."""
        if self.rng.random() >= rates.REACTED:
            return False
        [count] = self.rng.choices(REACTION_COUNTS, cum_weights=REACTION_WEIGHTS)
        [first] = self.rng.choices(EMOJI, cum_weights=EMOJI_WEIGHTS)
        emoji = first
        for position, person in enumerate(self.rng.sample(members, min(count, len(members)))):
            if position:
                is_other = self.rng.random() < rates.ANOTHER_EMOJI
                emoji = self.rng.choice(EMOJI) if is_other else first
            self.add("message_reactions", number, emoji, person, (moment + SOON * (position + 1)).isoformat())
        return True

    def pin(self, number: int, conversation: int, author: int, moment: datetime) -> bool:
        if self.rng.random() >= rates.PINNED or self.pins[conversation] == MAX_PINS:
            return False
        self.pins[conversation] += 1
        self.add("pins", number, conversation, author, (moment + SOON).isoformat())
        return True

    def edit(self, number: int, words: str, moment: datetime) -> str:
        """Edit some messages, removing their last word; return the time of the edit, or NULL."""
        if self.rng.random() >= rates.EDITED:
            return NULL
        edited_at = (moment + SOON).isoformat()
        earlier = f"{words} again"
        self.add("message_earlier_texts", number, earlier, f"<p>{earlier}</p>", edited_at)
        return edited_at
