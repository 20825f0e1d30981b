"""Another version of the code, from the history of this clone."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


class NoSuchCommit(Exception):
    """The history of this clone has no such commit; the message is one line that says what to do."""


@contextmanager
def checked_out(commit: str, folder: Path) -> Iterator[Path]:
    """Check out a commit into a folder during the `with` block; raise NoSuchCommit."""
    found = resolve(commit)
    git("worktree", "add", "--quiet", "--detach", str(folder), found)
    try:
        yield folder
    finally:
        git("worktree", "remove", "--force", str(folder))


def resolve(commit: str) -> str:
    """Return the full hash of a commit; raise NoSuchCommit."""
    try:
        return git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}").strip()
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoSuchCommit(
            f"git finds no commit {commit} in {settings.BASE_DIR}: --against needs a clone of the repository with its"
            " history (git fetch --unshallow gets it)"
        ) from error


def git(*arguments: str) -> str:
    command = ["git", "-C", str(settings.BASE_DIR), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
