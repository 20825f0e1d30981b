"""Bundle ES modules, so that a page loads one script instead of forty.

Each module has its own scope in the bundle. Its exports become an object, which imports destructure, so a name means
the same in a bundle as in the sources, which are served with DEBUG. A module imported by `import("./part.js")` becomes
a separate file, a part, which is loaded on first use; the bundle passes it the modules that both use.
"""

import posixpath
import re
from collections.abc import Callable, Iterator

from chatsite.bundling.modules import EXPORT, IMPORT, LAZY_IMPORT, BundlingError, Graph, Module

COMMENTS_AND_INDENTATION = re.compile(r"^ *(?://.*\n)?", re.MULTILINE)
# Behind a statement. Whatever contains a quote stays, as it may be the rest of a string.
TRAILING_COMMENT = re.compile(r"""(?<=[;{},]) //[^"'`/\n]*$""", re.MULTILINE)
CONSTANT = re.compile(r"^export const (?P<name>\w+) = .+?;\n", re.MULTILINE | re.DOTALL)


def bundle(entry: str, read: Callable[[str], str], is_classic: bool = False) -> dict[str, str]:
    """Bundle a script with its modules; return {path: text} of the bundle and of its parts.

    `read` returns the source at a path, and raises KeyError if there is none. Raises BundlingError if a module uses
    anything that bundles do not support.
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
    """Raise BundlingError if a module would run twice."""
    first: dict[str, str] = {}
    for name, modules in parts.items():
        if name in main:
            raise BundlingError(f"{name}:1: is imported both statically and by import()")
        for module in modules:
            if module.path in main:
                continue
            if module.lazy_imports:
                raise BundlingError(f"{module.path}:1: is loaded by import(), so it can't use import() itself")
            if first.setdefault(module.path, name) != name:
                raise BundlingError(f"{module.path}:1: is in two parts, {first[module.path]} and {name}")


class Bundle:
    """The text of a bundle and of its parts."""

    def __init__(self, entry: str, modules: list[Module], parts: dict[str, list[Module]]) -> None:
        users = [*modules, *(module for part in parts.values() for module in part)]
        self.entry, self.parts = entry, parts
        self.modules = [without_unused(module, users) for module in modules]
        self.names = {module.path: f"${number}" for number, module in enumerate(modules)}

    def main(self) -> str:
        *others, entry = self.modules
        bodies = [self.lazily(wrapped(module, self.names), module) for module in others]
        return "".join(bodies) + self.lazily(header(entry, self.names) + stripped(entry), entry)

    def lazily(self, text: str, module: Module) -> str:
        """Rewrite `import()` to load the part beside the bundle, and to pass it the modules that both use."""

        def load(match: re.Match) -> str:
            path = module.resolve(match)
            address = posixpath.relpath(path, posixpath.dirname(self.entry))
            return f'import("./{address}").then((part) => part.load({", ".join(self.shared(path))}))'

        return LAZY_IMPORT.sub(load, text)

    def shared(self, path: str) -> Iterator[str]:
        return (self.names[each.path] for each in self.parts[path] if each.path in self.names and each.exports)

    def part(self, path: str) -> str:
        """Return a module whose `load` runs the part once and returns its exports."""
        own = [module for module in self.parts[path] if module.path not in self.names]
        names = self.names | {module.path: f"$part{number}" for number, module in enumerate(own)}
        bodies = "".join(wrapped(module, names) for module in own)
        exports = names[path] if own[-1].exports else "{}"
        load = f"({', '.join(self.shared(path))}) => (loaded ??= (() => {{\n{bodies}return {exports};\n}})())"
        return f"let loaded;\nexport const load = {load};\n"


def without_unused(module: Module, users: list[Module]) -> Module:
    """Leave out the constants that none of `users` imports from a module of nothing but constants."""
    imports = [each for user in users for each in user.imports if each.path == module.path]
    used = {name.split()[0] for each in imports for name in each.names}
    text = stripped(module)
    if not used or module.imports or CONSTANT.sub("", text).strip():
        return module
    return Module(module.path, CONSTANT.sub(lambda match: match[0] if match["name"] in used else "", text))


def wrapped(module: Module, names: dict[str, str]) -> str:
    """Wrap a module in its own scope: a block, or a function that returns its exports."""
    body = header(module, names) + EXPORT.sub("", stripped(module))
    if not module.exports:
        return f"{{\n{body}}}\n"
    return f"const {names[module.path]} = (() => {{\n{body}return {{ {', '.join(module.exports)} }};\n}})();\n"


def header(module: Module, names: dict[str, str]) -> str:
    """Destructure the imported names from the objects of their modules."""
    takes = [(each.path, ", ".join(name.replace(" as ", ": ") for name in each.names)) for each in module.imports]
    return "".join(f"const {{ {taken} }} = {names[path]};\n" for path, taken in takes if taken)


def stripped(module: Module) -> str:
    text = COMMENTS_AND_INDENTATION.sub("", IMPORT.sub("", module.source))
    return TRAILING_COMMENT.sub("", text).lstrip("\n")
