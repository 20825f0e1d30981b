"""The code of this project as data, for the tests about its shape: modules, imports, functions, lines."""

import ast
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
FOLDERS = ("accounts", "chatsite", "conversations")


class Module:
    """One Python file, by its dotted name."""

    def __init__(self, path: Path) -> None:
        self.path = path.relative_to(PROJECT)
        self.name = ".".join(self.path.with_suffix("").parts).removesuffix(".__init__")
        self.source = path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    @property
    def imports(self) -> Iterator[str]:
        """Yield what the module imports, anywhere and even for type checkers alone, as `package.module.name`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            elif isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)


def is_test(path: Path) -> bool:
    return "tests" in path.parts or path.name == "conftest.py"


PATHS = sorted(
    path for folder in FOLDERS for path in (PROJECT / folder).rglob("*.py") if "migrations" not in path.parts
)
MODULES = [Module(path) for path in PATHS if not is_test(path.relative_to(PROJECT))]
TESTS = [Module(path) for path in PATHS if is_test(path.relative_to(PROJECT))]
NAMES = {module.name for module in MODULES}


def edges() -> list[tuple[str, str]]:
    """List the imports between our modules: (module, imported module)."""
    found = []
    for module in MODULES:
        targets = {name if name in NAMES else name.rpartition(".")[0] for name in module.imports}
        found += [(module.name, target) for target in sorted(targets & NAMES)]
    return found


def cycles() -> list[list[str]]:
    """Find a shortest cycle for each set of modules that import each other: [[a, b, a], …]."""
    graph: dict[str, set[str]] = {name: set() for name in NAMES}
    for source, target in edges():
        graph[source].add(target)
    found: list[list[str]] = []
    entangled: set[str] = set()
    for name in sorted(graph):
        cycle = [] if name in entangled else shortest_path_back(name, graph)
        if cycle:
            found.append(cycle)
            entangled |= {other for other in graph if reaches(name, other, graph) and reaches(other, name, graph)}
    return found


def shortest_path_back(start: str, graph: dict[str, set[str]]) -> list[str]:
    paths, seen = deque([[start]]), set()
    while paths:
        path = paths.popleft()
        for target in sorted(graph[path[-1]] - seen):
            if target == start:
                return [*path, start]
            seen.add(target)
            paths.append([*path, target])
    return []


def reaches(start: str, end: str, graph: dict[str, set[str]]) -> bool:
    waiting, seen = [start], set()
    while waiting:
        for target in graph[waiting.pop()] - seen:
            if target == end:
                return True
            seen.add(target)
            waiting.append(target)
    return False


def functions(module: Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def lines(source: str) -> int:
    """Count the lines that are not blank."""
    return sum(bool(line.strip()) for line in source.splitlines())


def lines_of(module: Module, node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return lines("\n".join(module.source.splitlines()[node.lineno - 1 : node.end_lineno]))


def listed(found: Iterable[str]) -> str:
    """Format what a test has found, one per line, because pytest would abbreviate a list."""
    return "\n" + "\n".join(found)
