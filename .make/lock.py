"""Write what pyproject.toml and its packages need, with hashes and our reasons.

requirements.txt has everything; deploy/requirements.txt has the same versions of what a running site needs.
"""

import re
import subprocess
from pathlib import Path

PROJECT = Path(__file__).parent.parent
HEADER = "# Made by `make lock` from pyproject.toml, which lists the wanted packages and why.\n\n"


def reasons(project: str) -> dict[str, str]:
    """Read why each package is there: {name: the comment on its line}."""
    return dict(re.findall(r'^ +"([\w-]+).*?", +# (.+)$', project, re.MULTILINE))


def lock(path: str, *options: str) -> None:
    uv = [".venv/bin/uv", "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--generate-hashes"]
    # uv keeps the versions that the file already names, unless they must change.
    inputs = ["--universal", "--python-version=3.12", *options, "pyproject.toml", f"--output-file={path}"]
    subprocess.run([*uv, *inputs], cwd=PROJECT, check=True, capture_output=True)
    locked = (PROJECT / path).read_text()
    project = (PROJECT / "pyproject.toml").read_text()
    for name, reason in reasons(project).items():
        locked = re.sub(rf"^{name}(?=[=\[])", f"# {reason}\n{name}", locked, flags=re.MULTILINE)
    (PROJECT / path).write_text(HEADER + locked)


def main() -> None:
    lock("requirements.txt", "--group=development")
    lock("deploy/requirements.txt", "--constraints=requirements.txt")


if __name__ == "__main__":
    main()
