# Every target sets up what it needs: .venv from requirements.lock, with uv and Python 3.11 fetched where missing.
# The steps themselves are in .ci/bootstrap.py. Options are passed on: make lab ARGS="--no-browser --port 8899"

.DEFAULT_GOAL := help
.PHONY: help lab test test-browser test-rest test-chosen env check check-lint check-format check-types
.PHONY: docs notebooks test-long test-slow verify-board bench browser lock badge
.NOTPARALLEL:
export UPGRADE

# Any Python from 3.8 on starts the set-up, or uv brings one.
STARTER := $(shell for p in $(PYTHON) python3 python python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null && echo $$p && exit; done; \
	command -v uv >/dev/null 2>&1 && echo uv run --quiet --no-project --python 3.11 python)
ifeq ($(strip $(STARTER)),)
SETUP = @echo '[setup] Neither Python (3.8 or newer) nor uv is on this machine: install one of them, and try again.' >&2; exit 1;
else
SETUP = @$(STARTER) .ci/bootstrap.py
endif
RUN = $(SETUP) run

help:
	@echo 'make lab         set up everything and open the workbench in JupyterLab   (ARGS="…" is passed on)'
	@echo 'make test        set up everything and run the tests                      (ARGS="-k budget")'
	@echo 'make env         only set up; GPU=1 with CUDA, GPU=0 back to the CPU build'
	@echo 'make check       lint, format and types'
	@echo 'make docs        the documentation with its reference: .docs/build/html/index.html'
	@echo 'make notebooks   run every notebook on a clean kernel'
	@echo 'make test-long   those that take minutes together: continuous integration runs these too'
	@echo 'make test-slow   the tests that take longer still'
	@echo 'make verify-board the generated C on six simulated Cortex-M cores: gcc-arm-none-eabi, qemu-system-arm'
	@echo 'make bench       benchmarks'
	@echo 'make browser     find or install a chromium for the browser tests'
	@echo 'make badge       print the line of the Binder badge for this copy'
	@echo 'make lock        resolve pyproject.toml again                             (UPGRADE=1 renews versions)'

lab:
	$(SETUP) lab $(ARGS)

# All tests run in two parts, both in any case: browsers want a quiet machine, and the rest shares two processes, file by
# file, in the order of the folders, which has the long files first. What ARGS choose runs in one process.
test:
	@$(MAKE) --no-print-directory --keep-going $(if $(strip $(ARGS)),test-chosen,test-browser test-rest)

test-browser:
	$(RUN) python -m pytest tests/ui

test-rest:
	$(RUN) python -m pytest --ignore=tests/ui --numprocesses=2 --dist=loadfile --no-loadscope-reorder

test-chosen:
	$(RUN) python -m pytest $(ARGS)

env:
	$(SETUP) env $(if $(GPU),$(if $(filter 0 no,$(GPU)),--cpu,--gpu))

check: check-lint check-format check-types

check-lint:
	$(RUN) ruff check .

check-format:
	$(RUN) ruff format --check .

check-types:
	$(RUN) mypy

docs:
	$(RUN) python -m sphinx --quiet --fail-on-warning --keep-going --jobs auto --doctree-dir .docs/build/doctrees .docs .docs/build/html

notebooks:
	$(RUN) python -m pytest --nbmake --nbmake-timeout=600 --nbmake-kernel=python3 --timeout=900 $(ARGS) notebooks

# More than `make test` has time for; continuous integration runs these too.
test-long:
	$(RUN) python -m pytest -m "long and not slow" --numprocesses=2 --dist=loadfile $(ARGS)

test-slow:
	$(RUN) python -m pytest -m slow --timeout=3600 $(ARGS)

# Where a compiler or the emulator is missing, the tests are skipped and say which.
verify-board:
	$(RUN) python -m pytest -m "not slow and not bench" $(ARGS) tests/oracle/search/test_cortex_m.py

bench:
	$(RUN) python -m pytest -m bench --timeout=3600 -s $(ARGS) tests/benchmarks

browser:
	$(SETUP) browser

lock:
	@$(STARTER) .ci/lock.py

badge:
	@$(STARTER) .ci/badge.py
