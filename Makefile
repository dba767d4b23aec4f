# Each target sets up what it needs from nothing: its own environment in .venv, pinned by constraints.txt.
#
#   make demo     visitors in and out of a building, through a real AEOS conversation
#   make test     the tests
#   make check    "am I done?": style, types, layers, tests with coverage, documentation, the built wheel
#   make bench    speed, as ratios measured in one run
#   make docs     the documentation, in site/
#   make deep     what takes long: mutants and fuzzers
#   make versions the tests against the built wheel, on each supported Python at hand
#   make lowest   the same, with the lowest versions allowed of what the package depends on

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c

PYTHON ?= python3
FUZZ_SECONDS ?= 60

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP_INSTALL := $(BIN)/python -m pip install -qq --constraint constraints.txt
CODE := hamilton_sdk tests benchmarks examples fuzz tools conftest.py
LINTED := $(wildcard $(CODE))
# The environment first in PATH: --verifytypes asks whichever `python` comes first there.
PYRIGHT := PATH=$(CURDIR)/$(BIN):$$PATH PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(BIN)/pyright

.NOTPARALLEL:
.PHONY: venv demo test check style types layers contracts coverage coverage-by-module docs wheel bench deep mutants fuzz versions lowest clean
.DEFAULT_GOAL := check

venv: $(READY)

$(READY): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP_INSTALL) --upgrade pip
	$(PIP_INSTALL) --build-constraint constraints.txt --editable '.[all]' --group dev
	touch $@

demo: venv
	$(BIN)/hamilton demo

test: venv
	tools/needs.sh
	$(BIN)/python -m pytest --cov

# .ci/run tests by the README's own command afterwards, and has no time to run tests twice.
check: style types layers contracts docs wheel $(if $(TESTED_APART),,coverage-by-module test)

style: venv
	$(BIN)/ruff check $(LINTED)
	$(BIN)/ruff format --check $(LINTED)

types: venv
	$(BIN)/mypy --strict hamilton_sdk tests/typing
	$(PYRIGHT)
	$(PYRIGHT) --verifytypes hamilton_sdk --ignoreexternal

layers: venv
	$(BIN)/lint-imports

contracts: venv
	$(BIN)/python -m tools.contracts --check

coverage-by-module: venv
	$(BIN)/python tools/coverage_by_module.py

docs: venv
	$(BIN)/zensical build --clean --strict

wheel: venv
	rm -rf dist build/smoke
	mkdir -p build
	$(BIN)/python -m build --no-isolation --outdir dist . >build/log.txt || { cat build/log.txt; exit 1; }
	$(PYTHON) -m venv build/smoke
	build/smoke/bin/python -m pip install -qq --constraint constraints.txt dist/*.whl
	build/smoke/bin/python -I tools/smoke_test.py base
	build/smoke/bin/python -m pip install -qq --constraint constraints.txt "$$(ls dist/*.whl)[cli,testing]"
	build/smoke/bin/python -I tools/smoke_test.py all

bench: venv
	$(BIN)/python -m benchmarks

deep: mutants fuzz

mutants: venv
	rm -rf mutants
	$(BIN)/mutmut run
	$(BIN)/python tools/mutation_score.py

fuzz: venv
	$(PIP_INSTALL) --group fuzz
	mkdir -p build
	for fuzzer in fuzz/fuzz_*.py; do \
		echo "$$fuzzer"; \
		$(BIN)/python $$fuzzer -max_total_time=$(FUZZ_SECONDS) -len_control=0 -max_len=512 -artifact_prefix=build/ 2>&1 \
			| grep -vE '^(#|INFO:|WARNING: Failed|"\\)'; \
	done

versions: wheel
	for python in $$(tools/pythons.sh); do \
		version=$$($$python -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		echo "Python $$version"; \
		$(BIN)/python tools/test_wheel.py dist/*.whl .venvs/$$version $$python; \
	done

lowest: wheel
	$(BIN)/python tools/test_wheel.py dist/*.whl .venvs/lowest $(PYTHON) --lowest

clean:
	rm -rf .venv .venvs build dist site mutants .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .cache
