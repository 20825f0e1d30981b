"""Colouring code, in a process of its own that hostile code may bring down: see highlighting_process.py."""

import atexit
import json
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

PROGRAM = Path(__file__).with_name("highlighting_process.py")
SECONDS_TO_WAIT = 1.0  # for the turn of other threads; code without colours is better than a page that waits


class Highlighter:
    """Asks the process, and starts it where it does not run."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.process: subprocess.Popen | None = None

    def colour(self, code: str, language: str) -> str | None:
        """Colour code as safe HTML; None for an unknown language, and for code that takes too long."""
        if not self.turn.acquire(timeout=SECONDS_TO_WAIT):
            return None
        try:
            answer = self.ask(json.dumps([code, language]) + "\n")
        finally:
            self.turn.release()
        return json.loads(answer) if answer else None

    def ask(self, question: str) -> str:
        """Send a line and read one; '' where the process ended over it."""
        if self.process is None:
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            self.process = subprocess.Popen([sys.executable, "-P", PROGRAM], **pipes)
        try:
            self.process.stdin.write(question)
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            self.end()
        return answer

    def end(self) -> None:
        """End the process, if it runs; the next code to colour starts another."""
        if self.process is None:
            return
        self.process.kill()
        with suppress(BrokenPipeError), self.process:
            self.process = None  # leaving closes the pipes, over which words may still be on their way, and waits


highlighter = Highlighter()
atexit.register(highlighter.end)
