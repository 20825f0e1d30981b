"""A program that colours code: reads [code, language] as a line of JSON, writes the HTML, or null, as another.

Some of Pygments' patterns take for ever on hostile code. They do it here, where a timer ends the whole process,
and with it nothing but this one piece of code; `highlighting.py` starts the next one.
"""

import json
import signal
import sys

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

CPU_SECONDS = 0.5


def colour(code: str, language: str) -> str | None:
    try:
        return highlight(code, get_lexer_by_name(language), HtmlFormatter(nowrap=True))
    except ClassNotFound:
        return None


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # we end with our input, when whoever asks is gone
    for line in sys.stdin:
        signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS)
        answer = colour(*json.loads(line))
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
