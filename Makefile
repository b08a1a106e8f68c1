# Two commands that need nothing but Python 3.11 or later:
#   make ask Q="your question"     make test
# Both create the virtual environment and the first index on their own.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

PYTEST_ARGS ?= -n 2
EVAL_ARGS ?=
SETS ?=
BENCH_ARGS ?=
EVAL_LIBRARY := $(VENV)/eval-library
export Q

.DEFAULT_GOAL := help

help: ## Show this help
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("Posology needs Python 3.11 or later" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --constraint constraints.txt torch
	$(PIP) install --constraint constraints.txt --editable '.[dev]'
	@touch $@

setup: $(READY) ## Create the virtual environment and install everything, pinned

ask: $(READY) ## Answer a question: make ask Q="baricitinib dose in alopecia areata?"
	@$(BIN)/posology ask "$$Q"

test: $(READY) ## Run the whole test suite
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(READY) ## Style, types and the direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint ## Everything that CI runs
	$(MAKE) --no-print-directory test PYTEST_ARGS="$(PYTEST_ARGS) --cov --cov-report=term --durations=10"
	$(MAKE) --no-print-directory eval-gate

eval-library: $(READY)
	@$(BIN)/posology add --bundled --library $(EVAL_LIBRARY)

eval-gate: eval-library ## A fast part of the questions, held against the gates
	$(BIN)/posology eval gate --library $(EVAL_LIBRARY)

eval: eval-library ## All questions: every metric by kind, and the misses
	$(BIN)/posology eval run --library $(EVAL_LIBRARY) --by-kind --misses $(EVAL_ARGS)

format: $(READY) ## Put the code into its standard form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY) ## Measure speed and memory: ratios within one run
	$(BIN)/python -m evals.bench

bench-chat: $(READY) ## Measure the chat: first frame, key presses, long conversations
	$(BIN)/python -m evals.bench_chat

bench-add: $(READY) ## Measure adding against the embedder alone: make bench-add CORPUS=corpus.jsonl
	$(BIN)/python -m evals.bench_add "$(CORPUS)"

bench-scale: $(READY) ## Measure a library of 10,000 to a million passages: make bench-scale SETS="DIR/scifact:train"
	$(BIN)/python -m evals.bench_scale $(SETS) $(BENCH_ARGS)

screenshots: $(READY) ## Make the pictures of the README anew (needs chromium)
	$(BIN)/python -m evals.screenshots

clean: ## Remove the virtual environment and caches; no library is touched
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage* dist build

.PHONY: help setup ask test lint check eval-library eval-gate eval format bench bench-chat bench-add bench-scale screenshots clean
