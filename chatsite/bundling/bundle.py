"""Bundle ES modules, so that a page loads one script instead of forty.

Each module keeps a scope of its own. What it exports becomes an object, and an import takes names out of that object: a
name means the same in a bundle as in the sources, which DEBUG serves. A module behind `import("./part.js")` becomes a
file of its own, loaded on first use; it gets the modules that it shares with the bundle from there.
"""

import posixpath
import re
from collections.abc import Callable, Iterator

from chatsite.bundling.modules import EXPORT, IMPORT, LAZY_IMPORT, BundlingError, Graph, Module

COMMENT_LINES = re.compile(r"^ *//.*\n", re.MULTILINE)


def bundle(entry: str, read: Callable[[str], str], is_classic: bool = False) -> dict[str, str]:
    """Bundle a script with its modules: {path: text}, of itself and of the parts that it loads on first use.

    `read` returns the source at a path, and raises KeyError where there is none. Raise BundlingError where a module
    does what bundles do not support.
    """
    graph = Graph(read)
    modules = graph.in_order(entry)
    if is_classic and modules[-1].exports:
        raise modules[-1].error(0, "a classic script can't export")
    parts = {each.path: graph.in_order(each.path, module, each) for module in modules for each in module.lazy_imports}
    check_parts({module.path for module in modules}, parts)
    text = Bundle(entry, modules, parts)
    return {path: text.part(path) for path in parts} | {entry: '"use strict";\n' * is_classic + text.main()}


def check_parts(main: set[str], parts: dict[str, list[Module]]) -> None:
    """Raise BundlingError where a module would run twice."""
    first: dict[str, str] = {}
    for name, modules in parts.items():
        if name in main:
            raise BundlingError(f"{name}:1: is imported both at once and later")
        for module in modules:
            if module.path in main:
                continue
            if module.lazy_imports:
                raise BundlingError(f"{module.path}:1: is loaded later, and can't load more")
            if first.setdefault(module.path, name) != name:
                raise BundlingError(f"{module.path}:1: is in two parts, {first[module.path]} and {name}")


class Bundle:
    """The text of a bundle and of its parts."""

    def __init__(self, entry: str, modules: list[Module], parts: dict[str, list[Module]]) -> None:
        self.entry, self.modules, self.parts = entry, modules, parts
        self.names = {module.path: f"${number}" for number, module in enumerate(modules)}

    def main(self) -> str:
        *others, entry = self.modules
        bodies = [self.lazily(wrapped(module, self.names), module) for module in others]
        return "".join(bodies) + self.lazily(header(entry, self.names) + stripped(entry), entry)

    def lazily(self, text: str, module: Module) -> str:
        """Let `import()` load the part beside the bundle, and pass on the modules that the two share."""

        def load(match: re.Match) -> str:
            path = module.resolve(match)
            address = posixpath.relpath(path, posixpath.dirname(self.entry))
            return f'import("./{address}").then((part) => part.load({", ".join(self.shared(path))}))'

        return LAZY_IMPORT.sub(load, text)

    def shared(self, path: str) -> Iterator[str]:
        return (self.names[each.path] for each in self.parts[path] if each.path in self.names and each.exports)

    def part(self, path: str) -> str:
        """Write a module whose `load` runs the part once, and returns its exports."""
        own = [module for module in self.parts[path] if module.path not in self.names]
        names = self.names | {module.path: f"$part{number}" for number, module in enumerate(own)}
        bodies = "".join(wrapped(module, names) for module in own)
        exports = names[path] if own[-1].exports else "{}"
        load = f"({', '.join(self.shared(path))}) => (loaded ??= (() => {{\n{bodies}return {exports};\n}})())"
        return f"let loaded;\nexport const load = {load};\n"


def wrapped(module: Module, names: dict[str, str]) -> str:
    """Give a module its scope: a block, or a function that returns the exports."""
    body = header(module, names) + EXPORT.sub("", stripped(module))
    if not module.exports:
        return f"{{\n{body}}}\n"
    return f"const {names[module.path]} = (() => {{\n{body}return {{ {', '.join(module.exports)} }};\n}})();\n"


def header(module: Module, names: dict[str, str]) -> str:
    """Take the imported names out of their modules."""
    takes = [(each.path, ", ".join(name.replace(" as ", ": ") for name in each.names)) for each in module.imports]
    return "".join(f"const {{ {taken} }} = {names[path]};\n" for path, taken in takes if taken)


def stripped(module: Module) -> str:
    return COMMENT_LINES.sub("", IMPORT.sub("", module.source)).lstrip("\n")
