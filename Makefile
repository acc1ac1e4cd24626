# Everything happens in .venv; a second run installs nothing unless the packaging files changed.

PYTHON ?= python3
VENV ?= .venv
REPORT ?= degrade-report

BIN := $(VENV)/bin
PACKAGING := setup.cfg pyproject.toml
MAKEFLAGS += --no-print-directory

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint bench clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.installed ## Compare two model generations with human text and write the report
	@mkdir -p $(REPORT)
	cd sample_corpora && ../$(BIN)/degrade compare gen0-heldout gen1 gen5 \
		-o ../$(REPORT)/report.html -o ../$(REPORT)/report.json -o ../$(REPORT)/report.txt
	@echo
	@echo "The written report is in $(REPORT)/: report.html to look at, report.json for programs."

test: lint ## Run every check and every test, as continuous integration does
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -q -m kernel
	$(BIN)/python -m pytest -n auto --maxprocesses 2 --dist loadfile

lint: $(VENV)/.tested ## Run ruff, mypy and import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.tested ## Measure speed and memory
	@for script in benchmarks/bench_*.py; do \
		echo "$$script"; $(BIN)/python "$$script" || exit 1; \
	done

clean: ## Remove .venv, caches and everything built
	rm -rf $(VENV) $(REPORT) build dist *.egg-info analyzer/*.egg-info plugins/*.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find analyzer plugins tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		found=$$($(PYTHON) --version 2>/dev/null) || found=; \
		echo "degrade needs Python 3.11 or later; $(PYTHON) is $${found:-not there}." >&2; \
		echo "Name another one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12" >&2; \
		exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(PACKAGING) | $(VENV)/.created
	@echo "Installing degrade into $(VENV) (a minute or two the first time)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.tested: $(PACKAGING) | $(VENV)/.created
	@echo "Installing degrade and its development tools into $(VENV) (some minutes the first time)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $(VENV)/.installed $@
