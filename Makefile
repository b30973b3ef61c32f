# Two commands set everything up on a machine with Python 3.11+ and make: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO ?= demo
# make chaos: minutes for each database, which, and the seed of a run to replay.
CHAOS_MINUTES ?= 10
CHAOS_DATABASE ?= both
CHAOS_SEED ?= $(shell date +%s)

.DEFAULT_GOAL := help
.PHONY: help demo test lint format bench soak chaos sbom audit lock clean

help: ## show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/'

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Shuangsuiji needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q engine
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

demo: $(VENV)/.run ## a whole inspection year on a virtual clock, in ./demo
	rm -rf $(DEMO)
	$(BIN)/ssj demo $(DEMO)

test: $(VENV)/.dev ## everything that must hold: linters, types, tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -n 2

lint: $(VENV)/.dev ## linters and types only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev ## put the code into its one shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev ## benchmarks beside peers and limits, as ratios; LINE=advance.sqlite runs one line
	$(BIN)/python -m benchmarks $(LINE)

soak: $(VENV)/.dev ## long random runs (not part of `make test`)
	SSJ_CRASH_SEED=$$(date +%s) $(BIN)/python -m pytest -q tests/crash --soak

chaos: $(VENV)/.dev ## kill, cut, fill and stop everything for CHAOS_MINUTES on each database, then check that nothing is lost
	$(BIN)/python -m tests.chaos --database $(CHAOS_DATABASE) --minutes $(CHAOS_MINUTES) --seed $(CHAOS_SEED) --older auto

sbom: $(VENV)/.run ## the bill of materials (CycloneDX) from the lock file, in sbom.json
	$(BIN)/python packaging/sbom.py > sbom.json

audit: | $(BIN)/python ## known weaknesses of everything that is locked (asks the public advisories: needs the internet)
	$(PYTHON) -m venv $(VENV)-audit
	$(VENV)-audit/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/audit.txt
	$(VENV)-audit/bin/pip-audit --strict --require-hashes --disable-pip -r requirements/run.txt -r requirements/dev.txt

lock: ## renew the lock files (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url pyproject.toml --group build -o requirements/run.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url pyproject.toml --all-extras --group build --group test --group lint --group bench -o requirements/dev.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --group pyproject.toml:audit -o requirements/audit.txt

clean:
	rm -rf $(VENV) $(VENV)-audit $(DEMO) build dist .mypy_cache .ruff_cache .pytest_cache
