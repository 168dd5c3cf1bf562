# Two commands do everything on a fresh machine: `make demo` and `make test`.
VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin

# Tests start many interpreters; without their cache each of them compiles the packages again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo test check bench gate-study real-server browser setup engine image images clean

help:
	@echo "make demo    set up, build the sandbox image, run the built-in problems, print Pass@K"
	@echo "make test    set up, run the whole test suite against real Docker"
	@echo "make check   lint and types"
	@echo "make gate-study  how often the gate is wrong, by simulation (docs/gate-study.md)"
	@echo "make real-server  the model clients against llama.cpp; builds it first (half an hour)"
	@echo "make bench   speed, as ratios against peers and limits measured in the same run"
	@echo "make clean   remove the virtual environment and build output"

demo: image
	@mkdir -p build/demo
	AIBENCH_DATA= $(BIN)/pytest benchmarks/ --model reference --n-samples 5 -n 2 \
	  --aibench-report build/demo/report.json

# Tests of limits share two cores here: what fails beside others has to pass once more, alone.
test: images browser
	$(BIN)/pytest tests/unit tests/integration -n 2 --dist worksteal || \
	  $(BIN)/pytest tests/unit tests/integration --lf --lfnf=none
	$(BIN)/pytest tests/docker -n 2 --dist loadfile || \
	  $(BIN)/pytest tests/docker --lf --lfnf=none

check: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

gate-study: setup
	$(BIN)/python tests/studies/gate_study.py --output docs/gate-study.md

bench: image
	$(BIN)/python tests/bench/run.py $(BENCH)

# A random model of 0.1 MB: what is tested is the way to the server and back.
LLAMA := build/llama
real-server: setup
	@test -x $(LLAMA)/bin/python || $(PYTHON) -m venv $(LLAMA)
	@nice $(LLAMA)/bin/pip install --quiet --disable-pip-version-check \
	  'llama-cpp-python[server]==0.3.36' gguf==0.19.0
	$(LLAMA)/bin/python tests/servers/llama.py $(LLAMA)/random.gguf -- \
	  $(BIN)/pytest tests/integration/test_real_server.py tests/integration/test_real_lm_eval.py -rs
	$(LLAMA)/bin/python tests/servers/llama.py $(LLAMA)/random.gguf --right-echo -- \
	  $(BIN)/pytest tests/integration/test_real_lm_eval.py -k scored -rs

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { SUDO=$$(test "$$(id -u)" = 0 || echo sudo); \
	    $$SUDO apt-get update -q && $$SUDO apt-get install -y -q python3-venv; }
	@$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

engine: setup
	@sh sandbox/engine.sh

image: engine
	@$(BIN)/python -m pytest_aibench.sandbox.image

images: engine
	@$(BIN)/python -m pytest_aibench.sandbox.image $$($(BIN)/python -c \
	  'from pytest_aibench.sandbox.image import FAMILIES; print(*FAMILIES)')

# The tests of the report page drive a real browser; they skip where none can be had.
browser:
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && \
	  apt-get update -qq && apt-get install -y -qq chromium chromium-driver >/dev/null; } || true

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
