"""How root runs a program that refuses root, as PostgreSQL does."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

NOBODY = 65534
INSIDE = 1000  # what root is called in the namespace; any number but 0


def unprivileged() -> dict[str, Any]:
    """Give the arguments for `subprocess` with which a program isn't root: {} where we are not either."""
    if os.getuid():
        return {}
    if namespaces_work():
        return {"preexec_fn": enter_user_namespace}
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def hand_over(*folders: Path) -> None:
    """Give files to the user that the program runs as, where that is another than ours."""
    if os.getuid() or namespaces_work():
        return
    for folder in folders:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, NOBODY, NOBODY)


def enter_user_namespace() -> None:
    """Become a user who is root for the file system, and somebody else for whoever asks."""
    root = os.geteuid()
    os.unshare(os.CLONE_NEWUSER)
    Path("/proc/self/uid_map").write_text(f"{INSIDE} {root} 1")


@cache
def namespaces_work() -> bool:
    """Tell whether this machine lets us make user namespaces; many containers don't."""
    try:
        subprocess.run(["true"], check=True, preexec_fn=enter_user_namespace)  # noqa: S607
    except (OSError, AttributeError, subprocess.SubprocessError):
        return False
    return True
