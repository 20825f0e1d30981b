"""Files, functions and folders stay small enough to read in one sitting."""

from collections import Counter

from chatsite.tests.code import MODULES, TESTS, functions, lines, lines_of, listed

MAX_FILE_LINES = 250
MAX_FUNCTION_LINES = 30
MAX_TEST_FILE_LINES = 400
MAX_FOLDER_FILES = 15


def test_no_file_is_long():
    fail_beyond(MAX_FILE_LINES, {str(module.path): lines(module.source) for module in MODULES})


def test_no_test_file_is_long():
    fail_beyond(MAX_TEST_FILE_LINES, {str(module.path): len(module.source.splitlines()) for module in TESTS})


def test_no_function_is_long():
    found = {
        f"{module.path}:{node.lineno} {node.name}": lines_of(module, node)
        for module in MODULES
        for node in functions(module)
    }
    fail_beyond(MAX_FUNCTION_LINES, found)


def test_no_folder_is_crowded():
    files = [module.path for module in MODULES if module.path.name != "__init__.py"]
    fail_beyond(MAX_FOLDER_FILES, Counter(str(path.parent) for path in files))


def fail_beyond(most, found):
    beyond = [f"{name}: {count}" for name, count in found.items() if count > most]
    assert found
    assert not beyond, listed(beyond)
