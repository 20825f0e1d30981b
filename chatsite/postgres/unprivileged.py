"""Run a program that refuses to run as root, such as PostgreSQL, even if we are root."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

NOBODY = 65534
UID_INSIDE = 1000  # of root in the namespace; any number but 0


def unprivileged() -> dict[str, Any]:
    """Return arguments for `subprocess` that run a program as a user other than root; {} if we are not root."""
    if os.getuid():
        return {}
    if namespaces_work():
        return {"preexec_fn": enter_user_namespace}
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def hand_over(*folders: Path) -> None:
    """Change the owner of files to the user that the program runs as, if that is another user."""
    if os.getuid() or namespaces_work():
        return
    for folder in folders:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, NOBODY, NOBODY)


def enter_user_namespace() -> None:
    """Become a user with root's rights on files, but with another user id."""
    root = os.geteuid()
    os.unshare(os.CLONE_NEWUSER)
    Path("/proc/self/uid_map").write_text(f"{UID_INSIDE} {root} 1")


@cache
def namespaces_work() -> bool:
    """Return whether this machine allows user namespaces; many containers don't."""
    try:
        subprocess.run(["true"], check=True, preexec_fn=enter_user_namespace)  # noqa: S607
    except (OSError, AttributeError, subprocess.SubprocessError):
        return False
    return True
