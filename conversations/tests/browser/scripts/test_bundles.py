"""In a browser, a bundle behaves like its modules."""

import pytest

from chatsite.bundling.bundle import bundle

ORIGIN = "http://bundles.test"
# Names that occur in several modules, functions used before their definition, a part that is loaded later.
SOURCES = {
    "js/main.js": 'import "./first.js";\nimport { count, name as title } from "./parts/words.js";\n'
    'import { load } from "./parts/loading.js";\nconst name = "main";\n'
    "log(name, title, count(), typeof first, this);\nload();\n",
    "js/first.js": 'import { count } from "./parts/words.js";\nconst name = "first";\n'
    "function first() {}\nlog(name, count());\n",
    "js/parts/words.js": "export const name = early();\nlet number = 0;\nexport function count() {\n  number += 1;\n"
    '  return number;\n}\nfunction early() {\n  return "early";\n}\n',
    "js/parts/loading.js": "export async function load() {\n"
    '  const [one, other] = await Promise.all([import("./later.js"), import("./later.js")]);\n'
    "  log(one.later(), other.later(), one.Later.name);\n  globalThis.done();\n}\n",
    "js/parts/later.js": 'import { count } from "./words.js";\nlog("later runs");\nexport class Later {}\n'
    "export const later = () => count();\n",
}
RUN = """async (address) => {
  const lines = [];
  globalThis.log = (...values) => lines.push(values.map(String).join(" "));
  const done = new Promise((resolve) => { globalThis.done = resolve; });
  await import(address);
  await done;
  return lines;
}"""
LINES = ["first 1", "main early 2 undefined undefined", "later runs", "3 4 Later"]


@pytest.mark.parametrize("is_bundled", [False, True], ids=["one by one", "bundled"])
def test_a_bundle_behaves_like_its_modules(browser, is_bundled):
    files = bundle("js/main.js", SOURCES.__getitem__) if is_bundled else SOURCES
    page = browser.new_page()

    def serve(route):
        text = files.get(route.request.url.removeprefix(f"{ORIGIN}/"))
        kind = "text/javascript" if text else "text/html"
        route.fulfill(body=text or "<!doctype html>", content_type=kind)

    page.route(f"{ORIGIN}/**", serve)
    page.goto(f"{ORIGIN}/")
    assert page.evaluate(RUN, f"{ORIGIN}/js/main.js") == LINES
    page.close()
