"""The author, time and text of a record in a Slack export. Pure functions on parsed JSON.

Exports are untrusted: a value of another type than Slack writes counts as missing.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

# Subtypes written by a person or bot; all others are system messages.
WRITTEN = {None, "thread_broadcast", "reply_broadcast", "file_share", "file_comment", "me_message", "bot_message"}

Record = dict[str, Any]

FIRST_CHAT = datetime(1980, 1, 1, tzinfo=UTC)


def word(record: Record, name: str) -> str:
    """Read a string without the characters that PostgreSQL can't store: NUL and lone surrogates."""
    value = record.get(name)
    return value.replace("\0", "").encode(errors="replace").decode() if isinstance(value, str) else ""


def part(record: Record, name: str) -> Record:
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def parts(record: Record, name: str) -> list[Record]:
    value = record.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def is_written(record: Record) -> bool:
    return (word(record, "subtype") or None) in WRITTEN


def time_of(record: Record) -> datetime:
    """Return the time of a record to the microsecond; raise ValueError if it is missing or impossible."""
    seconds, _, fraction = word(record, "ts").partition(".")
    try:
        moment = datetime.fromtimestamp(int(seconds), UTC)
        moment += timedelta(microseconds=int(fraction[:6].ljust(6, "0")))
    except (ValueError, OverflowError, OSError) as error:
        raise ValueError("no time") from error
    if not FIRST_CHAT <= moment <= datetime.now(UTC) + timedelta(days=1):
        raise ValueError("a time that can't be")
    return moment


def author_of(record: Record) -> str:
    """Return the id of the author, a person or a bot."""
    found = word(record, "user") or word(part(record, "comment"), "user")
    return (found or word(record, "bot_id") or word(record, "username"))[:80]


def author_name(record: Record) -> str:
    """Return the name of an author who is missing from the list of people."""
    profile = part(record, "user_profile") or part(record, "bot_profile")
    return word(record, "username") or word(profile, "real_name") or word(profile, "name") or author_of(record)


def left_behind_of(record: Record) -> dict[str, int]:
    """Count the parts of a record that are not imported, by kind."""
    reactions = [each["users"] for each in parts(record, "reactions") if isinstance(each.get("users"), list)]
    attachments = parts(record, "attachments") if has_words_of_its_own(record) else []
    return {
        "reactions": sum(map(len, reactions)),
        "previews of links": len(attachments),
        "files, which stay in Slack behind their links": len(parts(record, "files")) + ("file" in record),
    }


def has_words_of_its_own(record: Record) -> bool:
    """Return whether a record has text of its own, so that its attachments are only previews of links."""
    return bool(word(record, "text")) and word(record, "subtype") != "bot_message"


def words_of(record: Record) -> str:
    """Collect the text of a record in mrkdwn from all places where Slack stores it; '' if there is none."""
    text = word(record, "text") or "\n".join(words_of_blocks(parts(record, "blocks")))
    found = [text]
    if not has_words_of_its_own(record):
        found += [words_of_attachment(attachment) for attachment in parts(record, "attachments")]
    if word(record, "subtype") != "file_share" or not text:  # the text of a file_share names the file
        found += [words_of_file(file) for file in parts(record, "files")]
    return "\n".join(words for words in found if words.strip())


def words_of_attachment(attachment: Record) -> str:
    title, address = word(attachment, "title"), word(attachment, "title_link")
    heading = f"<{address}|{title}>" if title and address else title
    found = [word(attachment, "pretext"), heading, word(attachment, "text")]
    return "\n".join(words for words in found if words) or word(attachment, "fallback")


def words_of_file(file: Record) -> str:
    name, address = word(file, "title") or word(file, "name"), word(file, "permalink")
    if not name:
        return "File: no longer in Slack"
    return f"File: <{address}|{name}>" if address else f"File: {name}"


def words_of_blocks(blocks: list[Record], depth: int = 0) -> Iterator[str]:
    """Collect the texts of nested Block Kit elements."""
    for block in blocks if depth < 10 else []:
        if text := word(part(block, "text"), "text"):
            yield text
        inner = parts(block, "fields") + parts(block, "elements")
        if block.get("type") == "rich_text_section":
            yield "".join(inline(element) for element in inner)
        else:
            yield from words_of_blocks(inner, depth + 1)


def inline(element: Record) -> str:
    """Convert one inline element of rich text to mrkdwn."""
    match element.get("type"):
        case "user":
            return f"<@{word(element, 'user_id')}>"
        case "channel":
            return f"<#{word(element, 'channel_id')}>"
        case "broadcast":
            return f"<!{word(element, 'range')}>"
        case "emoji":
            return f":{word(element, 'name')}:"
        case "link":
            address = word(element, "url")
            return f"<{address}|{word(element, 'text') or address}>"
    return word(element, "text")
