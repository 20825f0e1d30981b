# `make serve` runs Chatsite, `make test` tests it; both install what they need into .venv first.

.PHONY: serve test test-fast test-slow lint format words lock grain screenshots

serve: .venv/ready
	@exec .venv/bin/python manage.py serve

# `make test FILE=path` or `FILE=path::name` tests one file, in one process and on the database of the previous run.
test: .venv/ready
	@.make/chromium
	@.make/w3m
	@exec .venv/bin/python -m pytest $(FILE)

# All tests but the slow ones and those that start a browser or a site.
test-fast: .venv/ready
	@exec .venv/bin/python -m pytest --reuse-db -m 'not browser and not site and not slow'

# Tests that take a minute or more: the benchmark, the soak, a long absence, and an upgrade from release 0.1 with a
# million messages, or MESSAGES=…, while people keep posting.
test-slow: .venv/ready
	@exec .venv/bin/python -m pytest --numprocesses=0 -m slow

# Take pictures of the main pages, into var/screenshots.
screenshots: .venv/ready
	@.make/chromium
	@exec .venv/bin/python manage.py screenshots

lint: .venv/ready
	@.venv/bin/ruff check --quiet
	@.venv/bin/ruff format --quiet --check
	@.venv/bin/djade --check $$(git ls-files 'templates/*.html')
	@.venv/bin/mypy --no-error-summary .

format: .venv/ready
	@.venv/bin/ruff check --quiet --fix
	@.venv/bin/ruff format --quiet
	@.venv/bin/djade $$(git ls-files 'templates/*.html')

# After a change of the interface texts: update the catalogues in locale/ and compile them.
words: .venv/ready
	@.venv/bin/python manage.py makemessages --all --no-location --no-obsolete --no-wrap --ignore var --verbosity 0
	@.venv/bin/python manage.py compilemessages --ignore .venv --verbosity 0

# After a change of the packages in pyproject.toml: lock their versions in requirements.txt.
lock: .venv/ready
	@.venv/bin/python .make/lock.py

# Print the lengths of files and functions, import cycles, and the share of tests.
grain: .venv/ready
	@.venv/bin/python .make/grain.py

.venv/ready: requirements.txt .python-version
	@.make/venv
