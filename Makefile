# Two commands set everything up on a machine with Python 3.11+ and make: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO ?= demo
# make screenshots: where the pictures go.
SHOTS ?= build/screenshots
# make pictures: where the papers and their pictures go.
PICTURES ?= build/pictures
# make chaos: minutes for each database, which, and the seed of a run to replay.
CHAOS_MINUTES ?= 10
CHAOS_DATABASE ?= both
CHAOS_SEED ?= $(shell date +%s)
# make simulate: how many seeds, which is the first, and the store they run on.
SEEDS ?= 1000
FIRST ?= 1
STORE ?= memory
# make quick: the folders of tests that need no database server, no other process and no waiting.
QUICK := $(wildcard tests/kernel tests/yamltext tests/worktime tests/calendars tests/lifecycle tests/definition tests/draw tests/register \
	tests/synthetic tests/language tests/app tests/test_house.py tests/test_map.py)
# make docs: what is checked once the pages are written.
DOCS := tests/test_map.py $(addprefix tests/docs/,test_pages.py test_language_pairs.py test_reference.py test_words.py test_pages_and_measures.py)
# make pythons: the interpreters to try, of those that are here, and the tests to run under each.
PYTHONS ?= python3.11 python3.12 python3.13 python3.14
TESTS ?= $(QUICK)
PAGES ?= $(wildcard docs/howto/*.md) docs/tutorial/first-inspection.zh-CN.md README.md

.DEFAULT_GOAL := help
.PHONY: help demo quick browser screenshots test papers pictures pythons office lint format catalogue docs refresh coverage bench soak chaos simulate sbom audit lock release clean

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

quick: $(VENV)/.dev ## the fast tests: pure rooms, layers, words; under two minutes
	$(BIN)/python -m pytest -q -n 2 $(QUICK)

screenshots: $(VENV)/.dev browser ## pictures of every kind of page, light, dark and printed, in SHOTS (outside the tracked files)
	$(BIN)/python tests/web/browser/screenshots.py $(SHOTS)

browser: ## a Chromium for the browser tests: the one that is here, else Debian's, installed as root
	@for name in chromium chromium-browser google-chrome chrome; do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; \
	then echo "Chromium was installed for the browser tests."; \
	else echo "No Chromium here, and none could be installed (that needs root and apt-get): the browser tests are skipped."; fi

test: $(VENV)/.dev browser ## everything that must hold: linters, types, tests
	$(BIN)/python tests/whole_run.py -q -n 3 --durations=20

office: ## LibreOffice for `make papers`: the one that is here, else Debian's, installed as root
	@for name in soffice libreoffice; do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libreoffice-writer fonts-noto-cjk >/dev/null; \
	then echo "LibreOffice was installed for the papers."; \
	else echo "No LibreOffice here, and none could be installed (that needs root and apt-get): no paper is opened by it."; fi

papers: $(VENV)/.dev office ## every paper in Word and PDF: one text, archive format, the same bytes twice, pages as LibreOffice has them
	$(BIN)/python -m pytest -q --soak tests/documents/paper tests/documents/parts

pictures: $(VENV)/.dev ## every paper of the demonstration's year as pictures, and sheets of six to look through, in PICTURES; needs pdftoppm
	$(BIN)/python tests/documents/pictures.py $(PICTURES)

pythons: ## the fast tests under each Python from 3.11 on that is here, each in an environment of its own; TESTS=tests runs all
	@tried=0; for python in $(PYTHONS); do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "$$python: not here"; continue; }; \
		venv=$(VENV)-$$($$python -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		echo "$$python: $$venv"; \
		$$python -m venv $$venv \
		&& $$venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt -r requirements/dev.txt \
		&& $$venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . \
		&& $$venv/bin/python -m pytest -q -n 2 $(TESTS) || exit 1; \
		tried=$$((tried + 1)); \
	done; [ $$tried -gt 0 ]

lint: $(VENV)/.dev ## linters, types, and the order of layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python tests/check_types.py
	$(BIN)/python -m pytest -q tests/test_house.py tests/test_map.py

format: $(VENV)/.dev ## put the code into its one shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

catalogue: $(VENV)/.dev ## gather the sentences for people and compile their English
	$(BIN)/python -m engine.language.catalogue

docs: $(VENV)/.dev ## write the pages made from the program; check links, language pairs, words
	PYTHONPATH=tests $(BIN)/python tests/docs/reference_pages.py
	$(BIN)/python -m pytest -q $(DOCS)

refresh: $(VENV)/.dev ## carry PAGES out and put what is printed into them
	PYTHONPATH=tests $(BIN)/python tests/docs/refresh_documents.py $(PAGES)

coverage: export COVERAGE_FILE = $(CURDIR)/.coverage
coverage: $(VENV)/.dev ## how much of engine/ the tests run, processes they start included
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -n 2
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --skip-covered --sort=cover

bench: $(VENV)/.dev ## benchmarks beside peers and limits, as ratios; LINE=advance.sqlite runs one line
	$(BIN)/python -m benchmarks $(LINE)

soak: $(VENV)/.dev ## long random runs (not part of `make test`)
	SSJ_CRASH_SEED=$$(date +%s) $(BIN)/python -m pytest -q tests/workflows/test_random_processes.py tests/definition tests/crash tests/fuzz tests/operations tests/interleaving tests/counts tests/draw tests/register tests/office tests/documents tests/acceptance tests/app tests/runtime tests/site tests/files tests/authoring tests/demo tests/chaos tests/contract tests/store tests/lifecycle tests/recorded tests/web --soak

chaos: $(VENV)/.dev ## kill, cut, fill and stop everything for CHAOS_MINUTES on each database, then check that nothing is lost
	$(BIN)/python -m tests.chaos --database $(CHAOS_DATABASE) --minutes $(CHAOS_MINUTES) --seed $(CHAOS_SEED) --older auto

simulate: $(VENV)/.dev ## many programs and faults in one process, from a seed; prints the seeds that failed: SEEDS=N, FIRST=S, STORE=memory|sqlite
	$(BIN)/python tests/simulation/run_seeds.py --seeds $(SEEDS) --first $(FIRST) --store $(STORE) --shrink

sbom: $(VENV)/.run ## the bill of materials (CycloneDX) from the lock file, in sbom.json
	$(BIN)/python packaging/sbom.py > sbom.json

audit: | $(BIN)/python ## known weaknesses of everything that is locked (asks the public advisories: needs the internet)
	$(PYTHON) -m venv $(VENV)-audit
	$(VENV)-audit/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/audit.txt
	$(VENV)-audit/bin/pip-audit --strict --require-hashes --disable-pip -r requirements/run.txt -r requirements/dev.txt

lock: ## renew the lock files (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url pyproject.toml --extra web --group build -o requirements/run.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url pyproject.toml --all-extras --group build --group test --group lint --group bench -o requirements/dev.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --group pyproject.toml:audit -o requirements/audit.txt

release: $(VENV)/.dev ## VERSION=1.2.3 DATE=2026-12-31: version, changelog, sdist and wheel in dist/, checks of both
	$(BIN)/python packaging/release.py $(VERSION) $(DATE)

clean: ## remove the environments and everything that was made
	rm -rf $(VENV) $(VENV)-audit $(VENV)-3.* $(DEMO) build dist .coverage .mypy_cache .ruff_cache .pytest_cache
