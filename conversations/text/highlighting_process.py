"""A program that colours code: reads [code, language, seconds] as a line of JSON, writes an answer as another.

That is the HTML, '' for an unknown language, and null for what takes longer. Some of Pygments' patterns take for ever
on hostile code: they do it in a process that a timer ends. The one above has everything loaded and begins it again.
"""

import json
import os
import signal
import sys

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_all_lexers, get_lexer_by_name

# Pygments itself would look through all installed packages for a name that it does not know.
LANGUAGES = {alias.lower() for _, aliases, *_ in get_all_lexers(plugins=False) for alias in aliases}


def colour(code: str, language: str, seconds: float) -> str:
    if language.lower() not in LANGUAGES:
        return ""
    lexer = get_lexer_by_name(language)  # our own code, however long it takes
    signal.setitimer(signal.ITIMER_PROF, seconds)
    coloured = highlight(code, lexer, HtmlFormatter(nowrap=True))
    signal.setitimer(signal.ITIMER_PROF, 0)
    return coloured


def answer_all() -> None:
    for line in sys.stdin:
        tell(colour(*json.loads(line)))


def tell(answer: str | None) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # we end with our input, when whoever asks is gone
    tell("ready")
    while worker := os.fork():
        if os.waitpid(worker, 0)[1] == 0:
            return
        tell(None)
    answer_all()


if __name__ == "__main__":
    main()
