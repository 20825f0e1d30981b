"""Write requirements.txt: the packages of pyproject.toml and their dependencies, with hashes and our reasons."""

import re
import subprocess
from pathlib import Path

PROJECT = Path(__file__).parent.parent
HEADER = "# Made by `make lock` from pyproject.toml, which lists the packages and the reason for each.\n\n"


def reasons(project: str) -> dict[str, str]:
    """Read the reason for each package: {name: the comment on its line}."""
    return dict(re.findall(r'^ +"([\w-]+).*?", +# (.+)$', project, re.MULTILINE))


def main() -> None:
    uv = [".venv/bin/uv", "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--generate-hashes"]
    # uv keeps the versions that requirements.txt already names, unless they must change.
    inputs = ["--universal", "--python-version=3.12", "--group=development", "pyproject.toml"]
    subprocess.run([*uv, *inputs, "--output-file=requirements.txt"], cwd=PROJECT, check=True, capture_output=True)
    locked = (PROJECT / "requirements.txt").read_text()
    project = (PROJECT / "pyproject.toml").read_text()
    for name, reason in reasons(project).items():
        locked = re.sub(rf"^{name}(?=[=\[])", f"# {reason}\n{name}", locked, flags=re.MULTILINE)
    (PROJECT / "requirements.txt").write_text(HEADER + locked)


if __name__ == "__main__":
    main()
