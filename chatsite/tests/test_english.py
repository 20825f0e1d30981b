"""Comments, docstrings, names of functions and documents are in plain English: a list of phrases that are not."""

import ast
import re
import tokenize
from io import StringIO

from chatsite.tests.code import PATHS, PROJECT, listed

INSTEAD = {  # phrase: what to write instead
    r"\bfor good\b(?! (reason|cause))": "permanently",
    r"\b(by|for|from|of|to|with) who\b(?! (may|can|did)\b)": "a noun: “for the author”",
    r"^test who\b": "a noun: “test anonymous visitors …”",
    r"\bwhat one\b": "the noun itself, or “what you” in the interface",
    r"(?<![Nn]o )(?<!some)\b[Oo]ne (looks|presses|reads|searches|sees|signs|types|writes)\b": "“the reader” or “you”",
    r"\boneself\b|\bone['’]s own\b": "“their own”",
    r"\banew\b": "“again”",
    r"\b([Bb]ring|brings|brought|take|takes|taken|took) (\w+ )?back\b": "“restore” or “undo”",
    r"\b([Bb]ring|brings|brought) (\w+ ){0,4}along\b": "“include” or “add”",
    r"\band the like\b|^[Tt]he like\b|\bor the like\b": "“and so on”, or the things themselves",
    r"\bas j for\b": "“for example j”",
    r"\b(is|are) over(?=$|[.,;:!?)])": "“has expired” or “has ended”",
    r"\bcan(not|['’]t)? be told\b(?! apart)": "“are notified”, or what the program can’t do",
    r"\bwhat is no (?!longer)": "“an invalid …”, “anything but …”",
    r"\b(that|which) is none\b": "“invalid”, “malformed”, “missing”",
}
ODD = """
Deleted for good.
For the eyes of who reads.
test who leaves
what one sees
Where one reads.
oneself
Load it anew.
Bring it back.
Files brought along.
Bring your whole workspace along.
A link and the like.
as j for the next
The session is over.
This can't be told.
what is no cursor
A cursor that is none.
""".strip().splitlines()
PLAIN = """
For good reasons.
The rule of who may write.
No one reads it.
The mouse is over it.
They can be told apart.
what is no longer needed
A bigger one signed by an owner.
""".strip().splitlines()
COMMENT = {
    ".css": r"/\*.*?\*/",
    ".html": r"{#.*?#}|{% comment.*?endcomment %}|<!--.*?-->",
    ".js": r"/\*.*?\*/|(?<![:\"'`\w])//[^\n]*",
    ".md": r".+",
}
FOLDERS = ("accounts", "chatsite", "conversations", "docs", "static", "templates", ".github")


def words_of_python(source):
    """List (line, text) of each comment, docstring and function name."""
    tokens = tokenize.generate_tokens(StringIO(source).readline)
    found = [(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.append((node.lineno, node.name.replace("_", " ")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
            found.append((node.body[0].lineno if node.body else 1, ast.get_docstring(node) or ""))
    return found


def words_of_text(source, suffix):
    """List (line, text) of each comment, or of each line of a document."""
    comments = re.finditer(COMMENT[suffix], source, 0 if suffix == ".md" else re.DOTALL)
    return [(source.count("\n", 0, match.start()) + 1, match[0]) for match in comments]


def documents():
    paths = [path for folder in FOLDERS for path in (PROJECT / folder).rglob("*") if path.suffix in COMMENT]
    return [*PROJECT.glob("*.md"), *sorted(paths)]


def advice(text):
    """List what to write instead of the phrases in a text."""
    words = " ".join(text.split())
    return [
        f"“{match[0]}”: write {instead}" for phrase, instead in INSTEAD.items() if (match := re.search(phrase, words))
    ]


def test_python_is_commented_and_named_in_plain_english():
    fail_on({path: words_of_python(path.read_text()) for path in PATHS})


def test_other_files_are_commented_and_written_in_plain_english():
    fail_on({path: words_of_text(path.read_text(), path.suffix) for path in documents()})


def test_the_list_finds_odd_phrases_and_no_others():
    assert {phrase for phrase in INSTEAD if any(re.search(phrase, text) for text in ODD)} == INSTEAD.keys()
    assert [advice(text) for text in PLAIN if advice(text)] == []


def fail_on(texts):
    assert texts
    found = [
        f"{path.relative_to(PROJECT)}:{line}: {each}"
        for path, lines in texts.items()
        for line, text in lines
        for each in advice(text)
    ]
    assert not found, listed(found)
