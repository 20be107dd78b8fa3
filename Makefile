# Two commands matter: `make run` and `make test`. Everything they need they fetch themselves.
.PHONY: help setup run test lint soak bench lock docs clean

help:  ## say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup:  ## Python and front end into .venv and node_modules; does nothing the second time
	@scripts/setup

run: setup  ## Linli with the demo community, at the address it prints
	@scripts/run

test: ## linters, then every test on SQLite and the database tests on PostgreSQL
	@scripts/test

lint: ## linters and types only
	@scripts/setup --test
	@scripts/lint

soak: ## kill an import at many moments and look at what is left
	@scripts/setup --test
	@scripts/soak

bench: ## race against SQL by hand, pandas, PostgreSQL and others; writes docs/performance.md
	@scripts/setup --test
	@scripts/bench $(ARGS)

lock: ## pin every package with its hashes
	@scripts/setup
	@scripts/lock

docs: ## write docs/reference.md and docs/coverage.md from the program
	@scripts/setup
	@.venv/bin/python scripts/docs
	@.venv/bin/python scripts/coverage

clean: ## remove what set-up and tests made
	rm -rf .venv .venv-bench node_modules build dist src/*.egg-info src/linli/web/static/dist src/linli/reports/fonts \
	  src/linli/reports/assets .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
