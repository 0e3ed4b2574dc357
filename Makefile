# The commands. Each is one line here; the work is done by scripts/ and config/.
#   make demo [PORT=8000] [RESET=1]     make test [ARGS="tests/core -k mail"]     make check     make bench

PYTHON ?= python3
PY := .venv/bin/python
SERVICES := $(PY) -m config.services run
ARGS ?=
# What Python compiled once is kept: each of the many processes of a test run would compile it anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check bench messages lock clean bootstrap-demo bootstrap-dev

demo: bootstrap-demo ## the whole platform with demo data, in one foreground process
	@$(PY) -m config.demo.launch

test: bootstrap-dev ## all tests, or those named in ARGS
	@$(SERVICES) -- $(PY) -m pytest -n 2 --dist worksteal $(ARGS)

check: bootstrap-dev ## lint, types, floors, migrations, translations, deploy checks
	@$(SERVICES) -- $(PY) -m scripts.check $(ARGS)

bench: bootstrap-dev ## the benchmarks, as ratios
	@$(SERVICES) --durable -- $(PY) -m benchmarks $(ARGS)

messages: bootstrap-dev ## collect the messages into locale/ and compile them
	@$(PY) -m scripts.messages

lock: ## pin all versions with hashes, after a change of pyproject.toml
	@$(PYTHON) -m scripts.lock $(ARGS)

clean: ## remove what the commands made, the demo's data included
	@$(PYTHON) -m scripts.clean

bootstrap-demo bootstrap-dev: bootstrap-%:
	@command -v $(PYTHON) >/dev/null || { echo "Error: $(PYTHON) is missing. Install Python 3.11 or newer." >&2; exit 1; }
	@$(PYTHON) -m scripts.bootstrap $*
