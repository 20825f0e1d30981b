"""Colour code in a separate process, which hostile code may block: see highlighting_process.py."""

import atexit
import json
import select
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

from pygments.lexers import get_all_lexers

# All names of languages. Pygments itself would search the installed packages for an unknown one.
LANGUAGES = frozenset(alias.lower() for _, aliases, *_ in get_all_lexers(plugins=False) for alias in aliases)
PROGRAM = Path(__file__).with_name("highlighting_process.py")
MAX_COLOURING_SECONDS = 0.1  # for a whole message; code without colours is better than a slow page
MAX_COLOURED_BLOCKS = 20  # in a message
ANSWER_TIMEOUT_SECONDS = 2.0  # after that, the process or the whole machine hangs


class Unanswered(Exception):
    """The code was not coloured in time."""


class Highlighter:
    """Sends code to the process, and starts the process if it is not running."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.process: subprocess.Popen[str] | None = None

    def colour(self, code: str, language: str, seconds: float) -> str:
        """Colour code in one of LANGUAGES as safe HTML; raise Unanswered after `seconds`.

        The wait for other threads may take as long again.
        """
        if not self.turn.acquire(timeout=seconds):
            raise Unanswered
        try:
            answer = self.ask(json.dumps([code, language, seconds]) + "\n")
        finally:
            self.turn.release()
        if answer is None:
            raise Unanswered
        return answer

    def ask(self, question: str) -> str | None:
        """Send a line and read the answer; None if the code took too long or crashed the process."""
        try:
            process = self.process or self.start()
            questions = cast("IO[str]", process.stdin)
            questions.write(question)
            questions.flush()
            return json.loads(self.read(process))
        except (BrokenPipeError, TimeoutError, ValueError):
            self.end()
            return None

    def start(self) -> subprocess.Popen[str]:
        self.process = subprocess.Popen(
            [sys.executable, "-P", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.read(self.process)
        return self.process

    def read(self, process: subprocess.Popen[str]) -> str:
        """Read a line from the process; raise TimeoutError if it is late, and BrokenPipeError if it has ended."""
        answers = cast("IO[str]", process.stdout)
        waiting = select.poll()
        waiting.register(answers, select.POLLIN)
        if not waiting.poll(ANSWER_TIMEOUT_SECONDS * 1000):
            raise TimeoutError
        if line := answers.readline():
            return line
        raise BrokenPipeError

    def end(self) -> None:
        """End the process if it is running; the next code to colour starts another."""
        if self.process is None:
            return
        self.process.kill()
        with suppress(BrokenPipeError), self.process:
            self.process = None  # leaving the block closes the pipes, which may still hold text, and waits for the end


class Colours:
    """The share of the highlighter that one message gets: limited blocks and seconds, nothing after a failed block."""

    def __init__(self) -> None:
        self.seconds = MAX_COLOURING_SECONDS
        self.blocks = MAX_COLOURED_BLOCKS

    def colour(self, code: str, language: str) -> str:
        """Colour code as safe HTML; '' for an unknown language, and once the message has used up its share."""
        if language.lower() not in LANGUAGES or not self.blocks or self.seconds <= 0:
            return ""
        self.blocks -= 1
        began = time.monotonic()
        try:
            return highlighter.colour(code, language, self.seconds)
        except Unanswered:
            self.blocks = 0
            return ""
        finally:
            self.seconds -= time.monotonic() - began


highlighter = Highlighter()
atexit.register(highlighter.end)
