"""Print the lengths of files and functions, import cycles, and the share of tests."""

import sys
from pathlib import Path
from statistics import median, quantiles

PROJECT = Path(__file__).parent.parent
sys.path.insert(0, str(PROJECT))

from chatsite.tests.code import MODULES, TESTS, cycles, functions, lines, lines_of  # noqa: E402


def spread(lengths: list[int]) -> str:
    return f"median {median(lengths):.0f} · p90 {quantiles(lengths, n=10)[-1]:.0f} · max {max(lengths)}"


def main() -> None:
    files = [lines(module.source) for module in MODULES if module.source.strip()]
    print(f"files:     {spread(files)} (of {len(files)})")
    lengths = [lines_of(module, function) for module in MODULES for function in functions(module)]
    print(f"functions: {spread(lengths)} (of {len(lengths)})")
    print(f"cycles:    {' ; '.join(' -> '.join(cycle) for cycle in cycles()) or 'none'}")
    tests = sum(lines(module.source) for module in TESTS)
    print(f"tests:     {tests / sum(files):.2f} lines for each line of code ({tests:,} for {sum(files):,})")


if __name__ == "__main__":
    main()
