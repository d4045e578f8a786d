# Everything a person does with this tree. `make help` lists it.
SHELL := /bin/sh
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/.ready-run
DEV_READY := $(VENV)/.ready-dev
SCAN := $(VENV)/scan
SCAN_READY := $(SCAN)/.ready
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PYTEST := $(BIN)/python -m pytest

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Sangha needs Python 3.11 or later as python3; install it, or say which: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "This Python has no venv module; install it (Debian and Ubuntu: apt-get install python3-venv) and try again."; exit 1; }
	@echo "Making the environment in $(VENV)"
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)

$(RUN_READY): $(BIN)/python requirements.txt pyproject.toml
	@echo "Installing the libraries (locked, each checked by its hash)"
	@$(PIP_INSTALL) --require-hashes -r requirements.txt
	@$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_READY): $(RUN_READY) requirements-dev.txt
	@echo "Installing the tools for tests and checks"
	@$(PIP_INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

env: $(DEV_READY) ## Make .venv with everything needed to work here

run: $(RUN_READY) ## Start everything with a demonstration union; Ctrl-C stops it
	@exec $(BIN)/union up

# Processes of ours all import the same house: what Python compiled is kept for the next.
test prove: export PYTHONDONTWRITEBYTECODE :=
# Tests come in an order drawn from a seed: the same on every run here, another by SEED=7, and
# `prove` draws its own, so that what depends on an order is found where it holds up nobody.
SEED := 2026
IN_ORDER := --randomly-seed=$(SEED)
test: $(DEV_READY) ## All tests that need nothing but Python
	$(PYTEST) $(IN_ORDER) -n auto --dist worksteal -m "not outside and not prove" tests

test-outside: $(DEV_READY) ## Tests with Chromium, Kannel and hledger (Debian packages)
	$(PYTEST) $(IN_ORDER) -m outside tests

prove: $(DEV_READY) ## The long proofs: many more examples, long fault runs
	HYPOTHESIS_PROFILE=prove $(PYTEST) -n auto --dist worksteal -m "not outside" tests
	$(BIN)/python -m tests.faults.storm

bench: $(DEV_READY) ## Measure: from commit to the gateway's door, and the rest
	$(BIN)/python -m bench

check: $(DEV_READY) ## Format, lint, types, floors, templates, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/bandit --quiet --recursive union worker app.py migrations .ci
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --check --quiet templates
	$(BIN)/djlint --lint --quiet templates
	$(PYTEST) -n 0 tests/architecture tests/migrations

audit-packages: $(DEV_READY) ## Ask the public advisories about every locked library (needs the net)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python .ci/audit.py requirements.txt requirements-dev.txt

$(SCAN_READY): $(BIN)/python requirements-scan.txt
	@echo "Installing the scanner in $(SCAN) (locked, each checked by its hash)"
	@rm -rf $(SCAN)
	@$(BIN)/python -m venv $(SCAN)
	@$(SCAN)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-scan.txt
	@touch $@

SECONDS := 180
audit-web: $(DEV_READY) ## Let a scanner attack a demonstration as each of its people (half an hour)
	@wapiti --version 2>/dev/null | grep -q 'Wapiti 3[.][2-9]' || $(MAKE) --no-print-directory $(SCAN_READY)
	@PATH="$(CURDIR)/$(SCAN)/bin:$$PATH" $(BIN)/python .ci/scan.py $(SECONDS) $(WALKS)

tidy: $(DEV_READY) ## Let the formatters put code and templates in order
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djlint --reformat --quiet templates

POT := $(VENV)/messages.pot
words: $(DEV_READY) ## Gather the words to translate, bring the catalogues up to date, compile them
	$(BIN)/pybabel -q extract -F union/translations/babel.cfg -k lazy_gettext -k _ -k _l --add-location=file --sort-output -o $(POT) .
	$(BIN)/pybabel -q update -i $(POT) -d union/translations --no-fuzzy-matching --width=100
	$(BIN)/pybabel -q compile -d union/translations

screenshots: $(DEV_READY) ## Pictures of the demonstration's pages, into docs/screens (needs Chromium)
	$(BIN)/python -m tests.browser.shots $(AT)

schema-snapshot: $(DEV_READY) ## Renew the committed dump of triggers, grants and constraints
	$(PYTEST) -n 0 tests/migrations/test_schema_snapshot.py --snapshot-update

LOCK := uv --no-config pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command "make locks"
locks: ## Renew the locked requirements (needs uv)
	$(LOCK) pyproject.toml --output-file requirements.txt
	$(LOCK) --extra dev --constraint requirements.txt pyproject.toml --output-file requirements-dev.txt
	$(LOCK) --group scan --output-file requirements-scan.txt

clean: ## Remove the environment and what tools left; the data place stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage *.egg-info build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help words screenshots env run test test-outside prove bench check audit-packages audit-web tidy schema-snapshot locks clean
