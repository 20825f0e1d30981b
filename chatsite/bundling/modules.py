"""Parse what ES modules import and export."""

import posixpath
import re
from collections.abc import Callable
from typing import NamedTuple

IMPORT = re.compile(r'^import (?:\{(?P<names>[^}"]+)\} from )?"(?P<address>[^"]+)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:const|class|(?:async )?function) (?P<name>[\w$]+)\b)", re.MULTILINE)
LAZY_IMPORT = re.compile(r'\bimport\("(?P<address>[^"]+)"\)')
UNSUPPORTED = [
    (
        r"^ *(?:import|export)\b(?! *\()",
        'write import { name } from "./file.js"; or export before a const, function or class: '
        "default exports, export lists and asterisks are not supported",
    ),
    (
        r"^(?:[^`\n]*`[^`\n]*`)*[^`\n]*`[^`\n]*$",
        "end a template on its line, and write other backticks as \\x60, because bundles lose their indentation",
    ),
    (r"\bimport\(['`]", 'write import("./file.js")'),
    (r"\bimport\.meta\b", "the address of a bundle differs from those of its modules"),
    (r"^(?:await\b|for await\b|(?:const|let) .*= await\b)", "a bundle can't await at the top level"),
]


class BundlingError(Exception):
    """A module can't be bundled; the message names the file and the line."""


class Import(NamedTuple):
    path: str
    names: list[str]  # as in the source: `name`, or `name as other`
    position: int


class Module:
    """A source file, with its static imports, its `import()` calls and its exports."""

    def __init__(self, path: str, source: str) -> None:
        self.path, self.source = path, source
        self.imports = [self.read_import(match) for match in IMPORT.finditer(source)]
        self.lazy_imports = [self.read_import(match) for match in LAZY_IMPORT.finditer(source)]
        self.exports = [match["name"] for match in EXPORT.finditer(source)]
        self.check()

    def read_import(self, match: re.Match) -> Import:
        names = (match.groupdict().get("names") or "").split(",")
        return Import(self.resolve(match), [name.strip() for name in names if name.strip()], match.start())

    def resolve(self, match: re.Match) -> str:
        if not re.fullmatch(r"\.\.?/[\w./-]+\.js", match["address"]):
            raise self.error(match.start(), "an address begins with ./ or ../ and ends with .js")
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.path), match["address"]))

    def check(self) -> None:
        # Replace supported statements by as many other characters, to preserve positions.
        rest = IMPORT.sub(lambda match: re.sub(r"[^\n]", "-", match[0]), self.source)
        rest = EXPORT.sub(lambda match: "-" * len(match[0]), rest)
        for pattern, advice in UNSUPPORTED:
            if match := re.search(pattern, rest, re.MULTILINE):
                raise self.error(match.start(), advice)
        names = [*self.exports, *(name.split()[-1] for each in self.imports for name in each.names)]
        for name in names:
            if names.count(name) > 1:
                raise self.error(self.source.rfind(name), f"{name} is declared twice")

    def error(self, position: int, advice: str) -> BundlingError:
        line = self.source.count("\n", 0, position) + 1
        return BundlingError(f"{self.path}:{line}: {advice}")


class Graph:
    """Modules by their paths. `read` returns the source at a path, and raises KeyError if there is none."""

    def __init__(self, read: Callable[[str], str]) -> None:
        self.read, self.modules = read, dict[str, Module]()

    def in_order(self, path: str, importer: Module | None = None, where: Import | None = None) -> list[Module]:
        """Return a module and all that it imports, in the order in which a browser runs them."""
        found: dict[str, Module] = {}

        def visit(path: str, trail: tuple[Module, ...], where: Import | None) -> None:
            if where and path in [module.path for module in trail]:
                raise trail[-1].error(where.position, f"{path} imports this module: the imports form a cycle")
            if path not in found:
                module = self.module(path, trail, where)
                for each in module.imports:
                    visit(each.path, (*trail, module), each)
                found[path] = module
            if where:
                check_names(trail[-1], where, found[path])

        visit(path, (importer,) if importer else (), where)
        return list(found.values())

    def module(self, path: str, trail: tuple[Module, ...], where: Import | None) -> Module:
        if path not in self.modules:
            try:
                self.modules[path] = Module(path, self.read(path))
            except KeyError:
                if where is None:
                    raise
                raise trail[-1].error(where.position, f"there is no {path}") from None
        return self.modules[path]


def check_names(importer: Module, where: Import, module: Module) -> None:
    for name in where.names:
        if name.split()[0] not in module.exports:
            raise importer.error(where.position, f"{module.path} exports no {name.split()[0]}")
