# The commands of everyday work. `make` alone lists them.

UV := $(shell command -v uv || echo .uv/bin/uv)

.PHONY: help test test-fast check demo bench

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1: \2/p' $(MAKEFILE_LIST)

test: ## every test
	$(UV) run pytest

test-fast: ## the tests that need neither a database nor much time
	$(UV) run pytest -m "not slow and not stored"

check: ## lint, types, architecture, the packs: what else must hold before a change is done
	$(UV) run ruff check .
	$(UV) run ruff format --check .
	$(UV) run mypy
	$(UV) run lint-imports
	$(UV) run doudi rules check

demo: ## sample households assessed, stored, decided, computed again and proved
	$(UV) run doudi demo

bench: ## the engine and the service, measured
	$(UV) run python benchmarks/engine.py
	$(UV) run python benchmarks/http.py
