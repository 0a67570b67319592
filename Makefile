# make run    everything that is needed, then the server with a worker beside it       HOST, PORT, DATA_DIR, WORKERS
# make serve  the same for development: reloads code, templates and CSS, and shows errors       HOST, PORT, DATA_DIR
# make demo   fills a data directory with modules and two classes of learners         DATA_DIR, FORCE=yes
# make check      format, types, layers, templates, dependencies, migrations; under a minute
# make test-fast  the tests on SQLite without the slowest and without a browser; under two minutes
# make test       the checks and tests on both databases, in a real browser; takes a sample of cases and hostile texts
# make test-all   the same, and whatever `make test` only samples
# make env    the environment in .venv/, and a secret          EXTRAS (postgres, cache), DATA_DIR
# make messages   every sentence of the interface into locale/, for translation
# make pictures  pictures of all learner pages into docs/pictures (needs Chromium)

# uv is taken from the path where there is one, else it is installed into the environment that it then fills;
# --inexact leaves it there, and leaves what `make test` has added when `make run` comes after it.
PATH_UV := $(shell uv --version >/dev/null 2>&1 && command -v uv)
UV := $(or $(PATH_UV),.venv/bin/uv)
PYTHON := .venv/bin/python
SYNC := UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=.venv $(UV) sync --frozen --inexact --quiet $(addprefix --extra ,$(EXTRAS))

.PHONY: help env run serve demo check test-fast test test-all messages pictures clean

help:
	@sed -n 's/^# make/make/p' Makefile

env: .venv/made-for-run
	@$(if $(EXTRAS),$(SYNC) --no-dev)
	@$(PYTHON) -m config.secret

run: export LOCAL ?= on
run: .venv/made-for-run
	@$(PYTHON) -m config.secret
	@$(PYTHON) manage.py prepare --examples
	@exec $(PYTHON) -m tasks.beside $(PYTHON) manage.py run

# Django's own server watches the code; a template is read again, and WhiteNoise serves CSS and scripts from static/.
serve: export DEBUG ?= on
serve: export LOCAL ?= on
serve: export LOG_LEVEL ?= INFO
serve: export HOST ?= 127.0.0.1
serve: export PORT ?= 8000
serve: .venv/made-for-run
	@$(PYTHON) -m config.secret
	@$(PYTHON) manage.py prepare --examples
	@exec $(PYTHON) -m tasks.beside $(PYTHON) manage.py runserver $(if $(findstring :,$(HOST)),[$(HOST)],$(HOST)):$(PORT)

demo: export LOCAL ?= on
demo: .venv/made-for-run
	@$(PYTHON) -m config.secret
	@$(PYTHON) manage.py prepare --examples
	@$(PYTHON) manage.py demo $(if $(filter yes,$(FORCE)),--force)

check test-fast test test-all: .venv/made-for-test
	@$(PYTHON) tests/everything.py $@

pictures: .venv/made-for-test
	@PYTHONPATH=.:platform $(PYTHON) -m tests.journeys.pictures

messages: .venv/made-for-test
	@$(PYTHON) locale/collect.py

.venv/made-for-run: pyproject.toml uv.lock $(if $(PATH_UV),,.venv/bin/uv)
	@$(SYNC) --no-dev
	@touch $@

.venv/made-for-test: pyproject.toml uv.lock $(if $(PATH_UV),,.venv/bin/uv)
	@$(SYNC)
	@touch $@ .venv/made-for-run

.venv/bin/uv:
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tuntas needs Python 3.11 or later as python3.")'
	@python3 -m venv .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check uv

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
