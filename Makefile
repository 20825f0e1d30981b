# `make serve` runs Chatsite, `make test` tests it; each installs what it needs into .venv first.

.PHONY: serve test test-fast test-push test-pages test-slow lint format words lock grain screenshots

# While debugging it has the debug toolbar, and reloads: both come with the packages for development.
serve: $(if $(filter-out 0,$(DEBUG)),.venv/development,.venv/ready)
	@exec .venv/bin/python manage.py serve

# `make test FILE=path` or `FILE=path::name` tests one file, in one process and on the database of the previous run.
test: .venv/development
	@.make/chromium
	@.make/w3m
	@exec .venv/bin/python -m pytest $(FILE)

# All tests but the slow ones and those that start a browser or a site.
test-fast: .venv/development
	@exec .venv/bin/python -m pytest --reuse-db -m 'not browser and not site and not slow and not pages'

# Tests of notifications, for which the browser needs windows: 290 MB more.
test-push: .venv/development
	@.make/chromium with-windows
	@exec .venv/bin/python -m pytest -m push conversations/tests/browser/push

# Check every page by machine, in every theme and size (a quarter of an hour); with LOOKS=rotation, each page in one.
test-pages: .venv/development
	@.make/chromium
	@exec .venv/bin/python -m pytest -m pages conversations/tests/browser

# Tests that take a minute or more: the benchmark, the soak, a long absence, and an upgrade from release 0.1 with a
# million messages, or MESSAGES=…, while people keep posting.
test-slow: .venv/development
	@exec .venv/bin/python -m pytest --numprocesses=0 -m slow

# Take pictures of the main pages, into var/screenshots.
screenshots: .venv/development
	@.make/chromium
	@exec .venv/bin/python manage.py screenshots

lint: .venv/development
	@.venv/bin/ruff check --quiet
	@.venv/bin/ruff format --quiet --check
	@.venv/bin/djade --check $$(git ls-files 'templates/*.html')
	@.venv/bin/mypy --no-error-summary .
	@.venv/bin/oxlint --quiet --config .make/oxlint.json static/js conversations/tests/browser/scripts

format: .venv/development
	@.venv/bin/ruff check --quiet --fix
	@.venv/bin/ruff format --quiet
	@.venv/bin/djade $$(git ls-files 'templates/*.html')

# After a change of the interface texts: update the catalogues in locale/ and compile them.
words: .venv/development
	@.venv/bin/python manage.py makemessages --all --no-location --no-obsolete --no-wrap --ignore var --verbosity 0
	@.venv/bin/python manage.py compilemessages --ignore .venv --verbosity 0

# After a change of the packages in pyproject.toml: lock their versions.
lock: .venv/development
	@.venv/bin/python .make/lock.py

# Print the lengths of files and functions, import cycles, and the share of tests.
grain: .venv/development
	@.venv/bin/python .make/grain.py

# What a site needs to run, and on top of it what development needs.
.venv/ready: deploy/requirements.txt .python-version
	@.make/venv deploy/requirements.txt
	@touch $@

.venv/development: requirements.txt .venv/ready
	@.make/venv requirements.txt
	@touch $@
