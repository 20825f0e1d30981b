"""A person who sends messages, each until it is acknowledged, edits and deletes some, and sends some with a file."""

import asyncio
import re
import time
from contextlib import suppress
from uuid import uuid4

from chatsite.trials.client.person import BROKEN, Person
from chatsite.trials.soak.report import Report

SECONDS_BETWEEN_SENDS = 0.01
SECONDS_BETWEEN_TRIES = 0.1
EDIT_EVERY, DELETE_EVERY, UPLOAD_EVERY = 11, 17, 23
DELETED = ""  # the words of a deleted message
# If the answer to the first attempt was lost, the repeat may find that there is nothing left to do.
DONE = (302, 403, 404)


class Sender:
    """A person who writes in one conversation until told to stop."""

    def __init__(self, name: str, person: Person, conversation: int, report: Report) -> None:
        self.name, self.person, self.conversation, self.report = name, person, conversation, report
        # What was acknowledged, by message id: the words that must be stored in the end, when they were acknowledged,
        # and the content of the file.
        self.words: dict[int, str] = {}
        self.acknowledged_at: dict[int, float] = {}
        self.files: dict[int, str] = {}
        self.is_over = False

    async def send(self) -> None:
        retries: list[str] = []
        number = 0
        while not self.is_over:
            number += 1
            words = f"{self.name} says {number}"
            self.report.sent += 1
            if number % UPLOAD_EVERY:
                message = await self.person.send_for_sure(self.conversation, words, retries)
            else:
                message = await self.upload(words)
            self.words[message], self.acknowledged_at[message] = words, time.monotonic()
            if number % EDIT_EVERY == 0:
                await self.edit(message, f"{words}, edited")
            if number % DELETE_EVERY == 0:
                await self.delete(message)
            await asyncio.sleep(SECONDS_BETWEEN_SENDS)
        self.person.hang_up()
        self.report.retried += len(retries)

    async def edit(self, message: int, words: str) -> None:
        await self.until_done(f"/m/{message}/edit/", {"content": words})
        self.words[message] = words
        self.report.edited += 1

    async def delete(self, message: int) -> None:
        await self.until_done(f"/m/{message}/delete/", {})
        self.words[message] = DELETED
        self.report.deleted += 1

    async def until_done(self, path: str, form: dict[str, str]) -> None:
        while True:
            with suppress(*BROKEN):
                if (await self.person.post(path, form)).status in DONE:
                    return
            await asyncio.sleep(SECONDS_BETWEEN_TRIES)

    async def upload(self, words: str) -> int:
        """Send a message with a file; return its id."""
        key, content = uuid4(), f"the file of {words}"
        while True:
            with suppress(*BROKEN):
                form = {"content": words, "client_key": key}
                answer = await self.person.upload(f"/c/{self.conversation}/messages/", form, "words.txt", content)
                if found := re.search(r"#m(\d+)$", answer.headers.get("location", "")):
                    self.files[int(found[1])] = content
                    self.report.uploaded += 1
                    return int(found[1])
            await asyncio.sleep(SECONDS_BETWEEN_TRIES)
