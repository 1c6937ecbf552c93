# Two commands do everything: `make sandbox` tries the bot without a token, `make test` runs every check.
# Both first set up what is missing; when nothing is, they start at once and need no network.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-emit-index-url --generate-hashes
PYTHONS := python3 python3.13 python3.12 python3.11 python3.14 python

.PHONY: help sandbox install test test-long lint fix planted bench browser screenshots lock audit audit-if-possible sbom clean
.DELETE_ON_ERROR:

help: ## Say what can be done here
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

sandbox: $(VENV)/.run ## Try the bot in a browser: no token, no key
	@$(BIN)/python -m bot sandbox $(ARGS)

install: $(VENV)/.run ## Set up the command .venv/bin/imagine-bot, and nothing more
	@$(PIP) install --require-hashes --only-binary :all: -r requirements-build.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .

# A file of tests stays in one process: its sandbox, its browser and its server are set up once.
test: lint browser ## Run every check
	$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile $(ARGS)

test-long: lint browser ## Run every check at its largest size: about an hour
	EVERY_STEP=1 KILLS=10000 STOPS=1000 RESTARTS=200 UPDATES=5000 LEDGER_EXAMPLES=5000 TRANSACTIONS=100000 LOST=10000 PAUSES=10000 \
	  DISK_WISHES=200 LOCKS=10 LOCK_SECONDS=30 FLIPS=1000 DAYS=4000 FORGED=10000 PRESSES=100000 \
	  $(BIN)/python -m pytest -s --durations=20 -o faulthandler_timeout=7200 $(ARGS)

lint: $(VENV)/.dev ## Run the quick checks: style, types, order of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy

fix: $(VENV)/.dev ## Mend what can be mended by a machine
	$(BIN)/ruff check --quiet --fix-only .
	$(BIN)/ruff format .
	$(BIN)/python -m bot env > .env.example
	$(BIN)/ruff check .

planted: $(VENV)/.dev ## Plant known bugs one by one, and show which test catches each
	$(BIN)/python -m tests.planted $(ARGS)

browser: $(VENV)/.dev ## Get a browser for the tests, where there is none
	@$(BIN)/python -m tests.browser.installed

screenshots: browser ## Take the pictures of the README anew
	SCREENSHOTS=1 $(BIN)/python -m pytest tests/browser/test_strip.py

bench: browser ## Measure, and write docs/benchmarks.md
	$(BIN)/python -m benchmarks $(ARGS)

lock: $(VENV)/.dev ## Pin the newest dependencies that fit
	$(LOCK) --upgrade --no-annotate --extra postgres --output-file requirements.lock pyproject.toml
	$(LOCK) --upgrade --no-annotate --extra postgres --extra dev --constraint requirements.lock \
	  --output-file requirements-dev.lock pyproject.toml
	echo hatchling | $(LOCK) --no-annotate --constraint requirements-dev.lock --output-file requirements-build.lock -

	printf 'pip-audit\ncyclonedx-bom\n' | $(LOCK) --no-annotate --output-file .ci/audit.lock -

audit: $(VENV)/.audit ## Hold every dependency against the published advisories (needs pypi.org)
	@VENV=$(VENV) .ci/audit

# For machines that may stand alone: red for a known hole, not for the want of advisories.
audit-if-possible:
	@$(MAKE) --silent $(VENV)/.audit || { echo "pip-audit cannot be had here, so nothing was audited." >&2; exit 0; }; \
	  VENV=$(VENV) .ci/audit || test $$? = 75

sbom: $(VENV)/.audit ## Write sbom.json: what the bot is made of, in the format of CycloneDX
	@$(VENV)/audit/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible \
	  --output-format JSON --output-file sbom.json requirements.lock

clean: ## Remove what was set up here
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# What the bot needs to run.
$(VENV)/.run: requirements.lock | $(VENV)/.made
	@echo "Setting up what the bot needs (once, about a minute) ..."
	@$(PIP) install --require-hashes --only-binary :all: -r requirements.lock
	@touch $@

# What its checks need on top, and the command `imagine-bot` itself.
$(VENV)/.dev: requirements-dev.lock pyproject.toml $(VENV)/.run
	@echo "Setting up what the checks need (once) ..."
	@$(PIP) install --require-hashes --only-binary :all: -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# Kept apart: nothing of it may get between the bot and what it runs on.
$(VENV)/.audit: .ci/audit.lock | $(VENV)/.made
	@echo "Setting up what looks through dependencies (once) ..."
	@$(BIN)/python -m venv $(VENV)/audit
	@$(VENV)/audit/bin/python -m pip --quiet --disable-pip-version-check install \
	  --require-hashes --only-binary :all: -r .ci/audit.lock
	@touch $@

$(VENV)/.made:
	@for python in $(PYTHONS); do \
	  if $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null; \
	  then $$python -m venv $(VENV) && touch $@ && exit 0; fi; \
	done; \
	echo "Python 3.11 to 3.14 with its venv module is needed; none of these has it: $(PYTHONS)" >&2; exit 1
