"""Colouring code, in a process of its own that hostile code may hold up: see highlighting_process.py."""

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

PROGRAM = Path(__file__).with_name("highlighting_process.py")
SECONDS = 0.1  # for all of a message; code without colours is better than a page that waits
MOST_PIECES = 20  # of code in a message that get colours
SECONDS_TO_ANSWER = 2.0  # then the process hangs, or the whole machine


class Unanswered(Exception):
    """Nobody coloured this code in time."""


class Highlighter:
    """Asks the process, and starts it where it does not run."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.process: subprocess.Popen[str] | None = None

    def colour(self, code: str, language: str, seconds: float) -> str:
        """Colour code as safe HTML, '' for an unknown language; raise Unanswered for what takes more `seconds`.

        Other threads may take as long before it is our turn.
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
        """Send a line and read one; None where the code took too long, or the process ended over it."""
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
        """Read a line of the process; raise TimeoutError if it is late, and BrokenPipeError if it has ended."""
        answers = cast("IO[str]", process.stdout)
        waiting = select.poll()
        waiting.register(answers, select.POLLIN)
        if not waiting.poll(SECONDS_TO_ANSWER * 1000):
            raise TimeoutError
        if line := answers.readline():
            return line
        raise BrokenPipeError

    def end(self) -> None:
        """End the process, if it runs; the next code to colour starts another."""
        if self.process is None:
            return
        self.process.kill()
        with suppress(BrokenPipeError), self.process:
            self.process = None  # leaving closes the pipes, over which words may still be on their way, and waits


class Colours:
    """What one message gets of the highlighter: so many pieces and so long, and nothing after a piece that failed."""

    def __init__(self) -> None:
        self.seconds, self.pieces = SECONDS, MOST_PIECES

    def colour(self, code: str, language: str) -> str:
        """Colour code as safe HTML; '' for an unknown language, and where the message has had its share."""
        if not self.pieces or self.seconds <= 0:
            return ""
        self.pieces -= 1
        began = time.monotonic()
        try:
            return highlighter.colour(code, language, self.seconds)
        except Unanswered:
            self.pieces = 0
            return ""
        finally:
            self.seconds -= time.monotonic() - began


highlighter = Highlighter()
atexit.register(highlighter.end)
