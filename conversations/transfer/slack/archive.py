"""Read a Slack export from its zip file: people, conversations and records, as far as they are readable."""

import json
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from conversations.models import Conversation

LISTS = {  # file: the kind of the conversations it lists
    "channels.json": Conversation.Kind.OPEN,
    "groups.json": Conversation.Kind.PRIVATE,
    "mpims.json": Conversation.Kind.DIRECT,
    "dms.json": Conversation.Kind.DIRECT,
}
DAY = re.compile(r"\d{4}-\d\d-\d\d\.json")
ID = re.compile(r"[A-Z0-9]{1,40}")
MAX_FILE_BYTES = 50_000_000  # of one unpacked file: more than a day of any workspace, less than a zip bomb


# Raised by zipfile and json for broken, encrypted or deeply nested files, and for unknown compression.
UNREADABLE = (ValueError, KeyError, OSError, EOFError, RuntimeError, zlib.error, zipfile.BadZipFile)


class ArchiveError(Exception):
    """The file is not a Slack export; the message says why in one line."""


@dataclass
class Channel:
    """A conversation of the export: its entry in the list, and the names of its day files."""

    id: str
    kind: str
    entry: dict[str, Any]
    files: list[str] = field(default_factory=list)
    is_listed: bool = True

    @property
    def origin(self) -> str:
        return f"slack:{self.id}"

    @property
    def members(self) -> list[str]:
        """The Slack ids of its members."""
        members = self.entry.get("members")
        return [member for member in members if isinstance(member, str)] if isinstance(members, list) else []


class SlackArchive:
    """An export; `unreadable` collects the files and entries that can't be read, with the reason."""

    def __init__(self, path: Path) -> None:
        """Open the export; raise ArchiveError if the file is not one."""
        try:
            self.zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as error:
            raise ArchiveError(f"can't read {path}: {error}") from error
        self.unreadable: list[str] = []
        self.names = [name for name in self.zip.namelist() if not name.startswith("__MACOSX/")]
        root = next((name.removesuffix("users.json") for name in self.names if name.endswith("users.json")), None)
        if root is None:
            raise ArchiveError(f"{path} has no users.json: it is not a Slack export")
        self.root = root

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.zip.close()

    def people(self) -> list[dict[str, Any]]:
        return self._entries("users.json")

    def channels(self) -> list[Channel]:
        """List the conversations; a folder missing from the lists becomes private, with its authors as members."""
        folders = self._folders()
        found = []
        for file, kind in LISTS.items():
            for entry in self._entries(file) if self.root + file in self.names else []:
                folder = entry["id"] if file == "dms.json" else entry.get("name")
                found.append(Channel(entry["id"], kind, entry, folders.pop(str(folder), [])))
        for folder, files in folders.items():
            found.append(
                Channel(f"folder:{folder}"[:90], Conversation.Kind.PRIVATE, {"name": folder}, files, is_listed=False)
            )
        return found

    def _entries(self, file: str) -> list[dict[str, Any]]:
        """Read a list of people or conversations; entries without an id are unreadable."""
        found = self.read(file)
        entries = [entry for entry in found if isinstance(entry, dict) and ID.fullmatch(str(entry.get("id")))]
        if len(entries) < len(found):
            self.unreadable.append(f"{file}: {len(found) - len(entries)} entries have no id")
        return entries

    def _folders(self) -> dict[str, list[str]]:
        folders: dict[str, list[str]] = {}
        for name in sorted(self.names):
            inner = name.removeprefix(self.root)
            folder, _, file = inner.rpartition("/")
            if DAY.fullmatch(file) and folder:
                folders.setdefault(folder, []).append(inner)
            elif file and folder:
                self.unreadable.append(f"{inner!a}: it is not a day of messages")
        return folders

    def read(self, name: str) -> list[Any]:
        """Read a file, which should contain a list; record it as unreadable if it does not."""
        try:
            if self.zip.getinfo(self.root + name).file_size > MAX_FILE_BYTES:
                raise ValueError(f"it is larger than {MAX_FILE_BYTES:,} bytes")
            content = json.loads(self.zip.read(self.root + name))
            if not isinstance(content, list):
                raise ValueError("it is not a list")
        except UNREADABLE as error:
            self.unreadable.append(f"{name!a}: {error}")
            return []
        return content
