"""Tests of scripts that need no page: each is a function in a JavaScript file beside this one."""

import re
from pathlib import Path

import pytest
from django.conf import settings

HERE = Path(__file__).parent
ORIGIN = "http://scripts.test"
FOLDER = f"{ORIGIN}/{HERE.relative_to(settings.BASE_DIR)}"
RUN = "async ([address, name]) => { const { tests } = await import(address); await tests[name](); }"
TESTS = [
    (path.name, name)
    for path in sorted(HERE.glob("*.js"))
    for name in re.findall(r'^  "(.+)": (?:async )?\(\) =>', path.read_text(), re.MULTILINE)
]


@pytest.fixture(scope="module")
def empty_page(browser):
    """An empty page, to which scripts and their tests are served directly from the project."""
    page = browser.new_page()
    page.route(f"{ORIGIN}/**", serve)
    page.goto(f"{ORIGIN}/")
    yield page
    page.close()


def serve(route):
    path = settings.BASE_DIR / route.request.url.removeprefix(f"{ORIGIN}/")
    if path.suffix == ".js":
        route.fulfill(body=path.read_text(), content_type="text/javascript; charset=utf-8")
    else:
        route.fulfill(body="<!doctype html>", content_type="text/html")


def test_all_tests_are_found():
    assert {file for file, _ in TESTS} == {path.name for path in HERE.glob("*.js")} - {"check.js"}
    written = sum(len(re.findall(r"equal\(", path.read_text())) for path in HERE.glob("*.js"))
    assert written > len(TESTS) > 0


@pytest.mark.parametrize(("file", "name"), TESTS, ids=[f"{file}: {name}" for file, name in TESTS])
def test_script(empty_page, file, name):
    empty_page.evaluate(RUN, [f"{FOLDER}/{file}", name])


def test_a_check_that_fails_is_noticed(empty_page):
    check = "async (address) => { const { equal } = await import(address); equal([1], [2]); }"
    with pytest.raises(Exception, match=r"\[1\] is not \[2\]"):
        empty_page.evaluate(check, f"{FOLDER}/check.js")
