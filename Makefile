# Sets up .venv from the pinned requirements, once, and runs the simulator or its tests in it.
# To build on another Python than python3:  PYTHON=python3.12 make run

VENV := .venv
python := $(VENV)/bin/python

# The Python that .venv was made with; nothing if there is no .venv, or its installation did not finish.
made_with := $(shell test -x $(python) && cat $(VENV)/made-with 2>/dev/null)
make_with := $(or $(PYTHON),$(made_with),python3)

.PHONY: help run test test-slow check bench pins clean afresh
.NOTPARALLEL:

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' Makefile

run: $(VENV)/ready-to-run  ## simulate the Metropolitan Police: python -m sim run scenarios/met.yaml
	$(python) -m sim run scenarios/met.yaml

test: $(VENV)/ready-to-test  ## run the quick tests, on two cores
	$(python) -m pytest -n 2 --dist worksteal -m "not slow"

test-slow: $(VENV)/ready-to-test  ## run the slow tests: kills, damage, every command of the documents
	$(python) -m pytest -n 2 --dist worksteal -m slow

check: $(VENV)/ready-to-test  ## check style and types
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(python) -m mypy

bench: $(VENV)/ready-to-bench  ## measure the speed of this program and of other engines
	$(python) -m benchmarks

pins:  ## renew the requirements files from pyproject.toml (needs uv; delete a pin first to renew it)
	$(compile) -o requirements.txt pyproject.toml
	$(compile) -o requirements-test.txt -c requirements.txt --extra test pyproject.toml
	$(compile) -o requirements-bench.txt -c requirements.txt --extra bench pyproject.toml

clean:  ## remove .venv and all caches in this folder; results stay
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .hypothesis .ruff_cache .mypy_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/ready-to-run: requirements.txt
$(VENV)/ready-to-test: requirements-test.txt
$(VENV)/ready-to-bench: requirements-bench.txt
ifneq ($(make_with),$(made_with))
$(VENV)/ready-to-run $(VENV)/ready-to-test $(VENV)/ready-to-bench: afresh
endif
$(VENV)/ready-to-run $(VENV)/ready-to-test $(VENV)/ready-to-bench:
	@rm -f $(VENV)/made-with
	@echo "Installing $< into $(VENV): once, about a minute on a good line; then half a minute to prepare the simulator."
	@$(python) -m pip install --disable-pip-version-check --require-hashes -r $<
	@echo $(make_with) >$(VENV)/made-with
	@$(python) -m sim doctor --prepare >/dev/null || :
	@touch $@

afresh:
	$(if $(call answers,assert sys.version_info >= (3, 11)),,$(error $(too_old)))
	$(if $(call answers,import ensurepip),,$(error $(no_venv)))
	@$(make_with) -m venv --clear $(VENV)

answers = $(shell $(make_with) -c 'import sys; $(1); print("yes")' 2>/dev/null)
too_old = Python 3.11 or later is needed, and "$(make_with) --version" says "$(shell $(make_with) --version 2>&1 || :)". \
Install one and name it, for example: PYTHON=python3.12 make run
no_venv = $(make_with) cannot make virtual environments, because Debian packs that apart. \
Fix it with: apt-get install $(notdir $(make_with))-venv

compile = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --only-binary :all: \
--emit-build-options --no-emit-index-url --no-emit-find-links --custom-compile-command "make pins"
