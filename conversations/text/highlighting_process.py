"""A program that colours code: it reads [code, language, seconds] as a line of JSON and writes the answer as another.

The answer is the HTML, or null if `seconds` were not enough. Some of Pygments' patterns
never finish on hostile code, so a timer ends the worker process that runs them. Its parent, which has everything
loaded, then forks another worker.
"""

import json
import os
import signal
import sys

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name


def colour(code: str, language: str, seconds: float) -> str:
    lexer = get_lexer_by_name(language)  # before the timer starts: this time is not the fault of the code
    signal.setitimer(signal.ITIMER_PROF, seconds)
    coloured = highlight(code, lexer, HtmlFormatter(nowrap=True))
    signal.setitimer(signal.ITIMER_PROF, 0)
    return coloured


def answer_all() -> None:
    for line in sys.stdin:
        write_answer(colour(*json.loads(line)))


def write_answer(answer: str | None) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # this program ends with its input, when the site is gone
    write_answer("ready")
    while worker := os.fork():
        if os.waitpid(worker, 0)[1] == 0:
            return
        write_answer(None)
    answer_all()


if __name__ == "__main__":
    main()
