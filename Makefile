# `make` lists the targets; each sets up what it needs on a fresh machine.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
ASSETS := src/renhao/web/static/vendor/.ready
PYTEST := $(BIN)/pytest
WHOLLY := $(BIN)/coverage report --include='*/model.py,*/*operations.py' --fail-under=100

.DEFAULT_GOAL := help
.PHONY: help demo test fmt lint unit race e2e cov bench docs lock setup assets browser clean

help:  ## list the targets
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(READY) $(ASSETS)  ## the virtual environment, exactly as locked, and the page assets

$(READY): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

assets: $(ASSETS)  ## copy the pinned stylesheets and scripts into the package

$(ASSETS): $(READY) package.json package-lock.json tools/assets.py
	$(BIN)/python tools/assets.py

browser: $(READY)
	$(BIN)/python tools/browser.py

demo: setup  ## serve a realistic hospital on 127.0.0.1
	$(BIN)/renhao demo

test: setup browser lint  ## everything: style, types, contracts, all tests, documentation
	$(BIN)/mkdocs build --quiet --strict
	$(PYTEST) --cov --cov-report=term
	@$(WHOLLY) > $(VENV)/covered || { cat $(VENV)/covered; exit 1; }

fmt: setup  ## format the code
	$(BIN)/ruff format src tests bench tools
	$(BIN)/ruff check --fix-only --quiet src tests bench tools

lint: setup  ## style, types, import directions, templates, spelling
	$(BIN)/ruff format --check --quiet src tests bench tools
	$(BIN)/ruff check --quiet src tests bench tools
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --quiet --lint src/renhao/web/templates
	$(BIN)/codespell src tests docs bench tools README.md CHANGELOG.md CONTRIBUTING.md

unit: setup  ## the fast tests
	$(PYTEST) tests/unit tests/conventions tests/property

race: setup  ## contention and fault tests on a real server
	$(PYTEST) tests/contention

e2e: setup browser  ## the journeys in a real browser
	$(PYTEST) tests/e2e

cov: setup browser  ## all tests with the coverage report as HTML
	$(PYTEST) --cov --cov-report=html

bench: setup  ## speed as ratios, a report
	$(BIN)/python -m bench

docs: setup  ## write the reference pages and build the documentation
	$(BIN)/python -m tools.reference
	$(BIN)/mkdocs build --strict

lock: $(READY)  ## lock the newest allowed versions
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-annotate --no-header --upgrade pyproject.toml --group dev --output-file requirements.lock

clean:  ## remove what the targets made
	rm -rf $(VENV) node_modules build dist site src/renhao/web/static/vendor
