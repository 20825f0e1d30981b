"""Modules become one script; test_bundles.py compares the behaviour of both in a browser."""

import re

import pytest

from chatsite.bundling.bundle import bundle
from chatsite.bundling.modules import BundlingError

GOOD = {
    "js/main.js": '// The page.\nimport "./first.js";\n'
    'import { twice, name as title } from "./parts/words.js";\nstart(title);\n',
    "js/first.js": "const name = 1;\n",
    "js/parts/words.js": 'import { base } from "../base.js";\n\n'
    "export const name = base;\nexport function twice() {}\n",
    "js/base.js": 'export const base = "base"; // in words\n',
}


def test_modules_come_after_those_they_need_each_in_a_scope_of_its_own():
    assert bundle("js/main.js", GOOD.__getitem__) == {
        "js/main.js": (
            "{\nconst name = 1;\n}\n"
            'const $1 = (() => {\nconst base = "base";\nreturn { base };\n})();\n'
            "const $2 = (() => {\nconst { base } = $1;\n"
            "const name = base;\nfunction twice() {}\nreturn { name, twice };\n})();\n"
            "const { twice, name: title } = $2;\nstart(title);\n"
        )
    }


def test_exports_of_an_entry_stay_exports():
    source = 'import { base } from "./base.js";\nexport class Stream {}\n'
    [text] = bundle("js/main.js", (GOOD | {"js/main.js": source}).__getitem__).values()
    assert text.endswith("const { base } = $0;\nexport class Stream {}\n")


def test_a_classic_script_is_strict_and_exports_nothing():
    assert bundle("js/first.js", GOOD.__getitem__, is_classic=True)["js/first.js"].startswith('"use strict";\n')
    with pytest.raises(BundlingError, match=r"^js/base.js:1: a classic script can't export"):
        bundle("js/base.js", GOOD.__getitem__, is_classic=True)


LAZY = GOOD | {
    "js/main.js": 'import { load } from "./parts/loading.js";\nimport { base } from "./base.js";\nload(base);\n',
    "js/parts/loading.js": 'export const load = () => import("./later.js");\n',
    "js/parts/later.js": 'import { base } from "../base.js";\nimport { own } from "./own.js";\n'
    "export const later = base + own;\n",
    "js/parts/own.js": "export const own = 1;\n",
}


def test_a_part_gets_the_modules_that_it_shares_with_the_bundle():
    bundles = bundle("js/main.js", LAZY.__getitem__)
    assert set(bundles) == {"js/main.js", "js/parts/later.js"}
    assert 'import("./parts/later.js").then((part) => part.load($1))' in bundles["js/main.js"]
    assert "own" not in bundles["js/main.js"]
    part = bundles["js/parts/later.js"]
    assert part.startswith("let loaded;\nexport const load = ($1) => (loaded ??= (() => {\n")
    assert "const { base } = $1;\nconst { own } = $part0;\n" in part
    assert part.endswith("return $part1;\n})());\n")


BAD = {
    "export default 1;\n": (1, "default exports"),
    "\nexport default class Page {}\n": (2, "default exports"),
    "export let count = 0;\n": (1, "export before a const"),
    "export var count = 0;\n": (1, "export before a const"),
    "export const { a, b } = c;\n": (1, "export before a const"),
    "const a = 1;\nexport { a };\n": (2, "export before a const"),
    'export * from "./base.js";\n': (1, "asterisks"),
    'export { base } from "./base.js";\n': (1, "lists"),
    'import * as all from "./base.js";\n': (1, "asterisks"),
    'import base from "./base.js";\n': (1, "default"),
    "import { base } from './base.js';\n": (1, "write import"),
    'import { base } from "./base.js"\n': (1, "write import"),
    'if (a) {\n  import { base } from "./base.js";\n}\n': (2, "write import"),
    'import { base } from "base.js";\n': (1, "begins with ./"),
    'import { base } from "./base";\n': (1, "ends with .js"),
    'import { base } from "./nowhere.js";\n': (1, "there is no js/nowhere.js"),
    'const a = 1;\nimport("./nowhere.js");\n': (2, "there is no js/nowhere.js"),
    'a();\nimport { bass } from "./base.js";\n': (2, "js/base.js exports no bass"),
    'import { base } from "./base.js";\nimport { base as base } from "./base.js";\n': (2, "base is declared twice"),
    'import { base, base as base } from "./base.js";\n': (1, "base is declared twice"),
    'import { base } from "./base.js";\nexport const base = 1;\n': (2, "base is declared twice"),
    "import('./base.js');\n": (1, 'write import\\("./file.js"\\)'),
    "import(`./base.js`);\n": (1, 'write import\\("./file.js"\\)'),
    "a(import.meta.url);\n": (1, "the address of a bundle differs"),
    "const a = 1;\nconst b = await c();\n": (2, "at the top level"),
    "await b();\n": (1, "at the top level"),
    "const a = 1;\nconst b = `c\n  ${d}`;\n": (2, "end a template on its line"),
}


@pytest.mark.parametrize("source", BAD)
def test_unsupported_statements_are_refused_with_their_position(source):
    line, advice = BAD[source]
    with pytest.raises(BundlingError, match=rf"^js/main.js:{line}: .*{advice}"):
        bundle("js/main.js", (GOOD | {"js/main.js": source}).__getitem__)


@pytest.mark.parametrize(
    "source",
    [
        "const imports = [];\nimports.push(exported);\n",
        "// import nothing\na.import(b);\n",
        'const a = async () => {\n  await b();\n};\nimport(new URL("./x.js", location));\n',
        "const exportable = 1, importance = 2;\n",
    ],
)
def test_code_that_only_resembles_an_import_is_accepted(source):
    [text] = bundle("js/main.js", {"js/main.js": source}.__getitem__).values()
    assert text == re.sub(r"^//.*\n|(?m:^ +)", "", source)


def test_indentation_and_comments_are_removed():
    source = "if (a) { // if so\n  // why\n  b(`${c} `); // how\n}\n"
    assert bundle("js/main.js", {"js/main.js": source}.__getitem__)["js/main.js"] == "if (a) {\nb(`${c} `);\n}\n"


@pytest.mark.parametrize(
    "line", ['a("b; // c");', "a('b; // c')", "a(`b; // c`);", "a(/; // b/);", "a(/[;] // b/, c);"]
)
def test_what_only_looks_like_a_comment_stays(line):
    assert bundle("js/main.js", {"js/main.js": f"{line}\n"}.__getitem__)["js/main.js"] == f"{line}\n"


def test_constants_that_nobody_imports_are_left_out():
    words = 'export const NAMES = {\n  one: "1",\n};\nexport const OTHER = ["x"];\nexport const LATER = 3;\n'
    main = {"main.js": 'import { NAMES } from "./words.js";\nimport("./part.js");\nstart(NAMES);\n'}
    part = {"part.js": 'import { LATER } from "./words.js";\nend(LATER);\n'}
    text = bundle("main.js", (main | part | {"words.js": words}).__getitem__)["main.js"]
    assert 'const NAMES = {\none: "1",\n};\nconst LATER = 3;\nreturn { NAMES, LATER };' in text
    with_code = main | part | {"words.js": words + "run();\n"}
    assert "OTHER" in bundle("main.js", with_code.__getitem__)["main.js"]


def test_a_cycle_is_refused():
    circle = {
        "js/main.js": 'import "./a.js";\n',
        "js/a.js": '\nimport { b } from "./b.js";\nexport const a = 1;\n',
        "js/b.js": 'import { a } from "./a.js";\nexport const b = 1;\n',
    }
    with pytest.raises(BundlingError, match=r"^js/b.js:1: js/a.js imports this module"):
        bundle("js/main.js", circle.__getitem__)
    with pytest.raises(BundlingError, match=r"^js/main.js:1: js/main.js imports this module"):
        bundle("js/main.js", {"js/main.js": 'import "./main.js";\n'}.__getitem__)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"js/main.js": LAZY["js/main.js"] + 'import "./parts/later.js";\n'}, "js/parts/later.js:1: is imported both"),
        (
            {"js/parts/own.js": 'import("../first.js");\nexport const own = 1;\n'},
            r"js/parts/own.js:1: is loaded by import\(\)",
        ),
        (
            {
                "js/parts/loading.js": 'export const load = () => [import("./later.js"), import("./last.js")];\n',
                "js/parts/last.js": 'import { own } from "./own.js";\nuse(own);\n',
            },
            "js/parts/own.js:1: is in two parts",
        ),
    ],
)
def test_no_module_would_run_twice(changes, message):
    bundle("js/main.js", LAZY.__getitem__)
    with pytest.raises(BundlingError, match=f"^{message}"):
        bundle("js/main.js", (LAZY | changes).__getitem__)
