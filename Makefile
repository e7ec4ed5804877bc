# ChainMatch. `make help` lists the commands; each sets up what it needs.

PORT ?= 8000
HOST ?= 127.0.0.1
DATA ?= .demo
VENV ?= .venv
TEST_PROCESSES ?= 2
ARGS ?=

ifeq ($(origin PYTHON), undefined)
PYTHON := python3
OTHER_PYTHONS := python3.14 python3.13 python3.12 python3.11
endif

PY := $(VENV)/bin/python
BESIDE_SERVICES := $(PY) -m chainmatch.embedded run --
WORDS := $(patsubst %.po,%.mo,$(wildcard matching/locale/*/LC_MESSAGES/django.po))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test torture lint setup setup-dev clean openapi \
	lint-ruff lint-format lint-types lint-imports lint-templates lint-security lint-migrations lint-api audit

# Runs requirements/install.py with the first Python that is new enough.
define install
@for python in "$(PYTHON)" $(OTHER_PYTHONS); do \
	if command -v "$$python" >/dev/null 2>&1 \
		&& "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		exec "$$python" requirements/install.py --venv "$(VENV)" $(1); \
	fi; \
done; \
echo "ChainMatch needs Python 3.11 or newer. PYTHON is '$(PYTHON)': $$("$(PYTHON)" --version 2>&1 | tail -n 1)." >&2; \
echo "Install one, or name it: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; \
exit 1
endef

help: ## list the commands
	@echo "make COMMAND, where COMMAND is one of:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{ printf "%-12s %s\n", $$1, $$2 }'
	@echo "Variables: PORT=$(PORT) HOST=$(HOST) DATA=$(DATA) PYTHON=$(PYTHON)"

demo: setup $(WORDS) ## start everything and print the address [PORT=8000] [HOST=127.0.0.1] [DATA=.demo]
	@exec $(PY) -m chainmatch.demo --follow-parent --host '$(HOST)' --port '$(PORT)' --data '$(DATA)'

test: setup-dev $(WORDS) ## run the tests [ARGS="-k name"]
	@$(PY) -m pytest -q -n $(TEST_PROCESSES) --dist worksteal $(ARGS)

torture: setup-dev $(WORDS) ## run the tests with the full numbers of repetitions; hours [ARGS="-k name"]
	@CHAINMATCH_TORTURE=1 $(PY) -m pytest -q -n $(TEST_PROCESSES) --dist worksteal $(ARGS)

lint: lint-ruff lint-format lint-types lint-imports lint-templates lint-security lint-migrations lint-api ## run all checks but the tests

setup: ## make the environment in .venv, as far as the demo needs it
	$(call install)

setup-dev: ## make the environment with what tests and checks need
	$(call install,--dev)

openapi: setup-dev $(WORDS) ## write docs/openapi.yaml anew
	@$(BESIDE_SERVICES) manage.py spectacular --lang en --validate --fail-on-warn --file docs/openapi.yaml

clean: ## remove the environment and everything that is generated; the demo's data stays in DATA
	rm -rf "$(VENV)" build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results
	find accounts chainmatch matching tests requirements -name __pycache__ -type d -prune -exec rm -rf {} +
	find matching -name '*.mo' -delete

%.mo: %.po | setup
	@$(PY) -m babel.messages.frontend --quiet compile -i $< -o $@ -l $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<)))

lint-ruff: setup-dev
	@$(PY) -m ruff check --quiet .

lint-format: setup-dev
	@$(PY) -m ruff format --quiet --check .

lint-types: setup-dev
	@CHAINMATCH_MODE=test $(PY) -m mypy --no-error-summary

lint-imports: setup-dev
	@$(VENV)/bin/lint-imports --no-logo

lint-templates: setup-dev
	@$(PY) -m djlint --quiet --lint matching/templates accounts

lint-security: setup-dev
	@$(PY) -m bandit --quiet --configfile pyproject.toml --recursive accounts chainmatch docker matching requirements

audit: setup-dev ## ask the vulnerability service about every pinned dependency; needs the network
	@$(PY) requirements/audit.py $(ARGS)

lint-migrations: setup-dev $(WORDS)
	@$(BESIDE_SERVICES) manage.py makemigrations --check --dry-run

lint-api: setup-dev $(WORDS)
	@mkdir -p build
	@$(BESIDE_SERVICES) manage.py spectacular --lang en --validate --fail-on-warn --file build/openapi.yaml
	@diff -u docs/openapi.yaml build/openapi.yaml || { echo "The API changed; run: make openapi" >&2; exit 1; }
