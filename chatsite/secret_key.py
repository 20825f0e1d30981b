"""The key that signs sessions, for a site that serves one machine."""

import secrets
from contextlib import suppress
from pathlib import Path


def key_of_this_machine(path: Path) -> str:
    """Read the key from its file, or make one at the first start; two starts at once agree on one key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mine = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    if not path.exists():
        mine.touch(mode=0o600)
        mine.write_text(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            path.hardlink_to(mine)
        mine.unlink()
    return path.read_text()
