# The verbs are the same by hand and in CI. Each one first makes .venv where it is missing or out of date.
.DEFAULT_GOAL := help
.PHONY: help demo test unit integration faults bench bench-quick lint docs package constraints clean

BIN   := .venv/bin
READY := .venv/.ready

# The packages that do no I/O: tests reach every branch of them.
PURE  := src/kgov/model/*,src/kgov/manifest/*,src/kgov/policy/*,src/kgov/diff/*,src/kgov/plan/*,src/kgov/apply/*,src/kgov/audit/*,src/kgov/report/*,src/kgov/capacity/*,src/kgov/register/*,src/kgov/access/*

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY) ## Start a real Kafka, apply the manifests of this repository, cause drift and find it
	@scripts/demo.sh

test: $(READY) ## Run every test but the faults, those on a real Kafka included
	$(BIN)/pytest -m 'not faults' --cov --cov-report=
	$(BIN)/coverage report --include='$(PURE)' --fail-under=100

unit: $(READY) ## Run the tests that need no Kafka
	$(BIN)/pytest -m 'not broker and not faults' --cov --cov-report=
	$(BIN)/coverage report --include='$(PURE)' --fail-under=100

integration: $(READY) ## Run the tests on a real Kafka alone
	$(BIN)/pytest -m 'broker and not faults'

faults: $(READY) ## Kill brokers, connections and kgov itself while it applies, run slow clients; takes minutes
	$(BIN)/pytest -m faults tests/faults tests/roles tests/apply/test_machine.py

lint: $(READY) ## Check format, types, imports, spelling and workflows
	@scripts/lint.sh

bench: $(READY) ## Measure kgov beside the floor, for a quarter of an hour, and write docs/benchmarks.md
	$(BIN)/python -m bench

bench-quick: $(READY) ## Measure the small cases in a few minutes, and print them
	$(BIN)/python -m bench --quick

docs: $(READY) ## Write the pages of docs/rules from the rules themselves
	$(BIN)/python scripts/generate_rule_pages.py

package: $(READY) ## Build the wheel into dist/
	$(BIN)/pip wheel --quiet --no-deps --wheel-dir dist .
	@ls dist/*.whl

constraints: ## Write constraints.txt anew with the newest versions that pyproject.toml allows
	@scripts/venv.sh --newest

clean: ## Remove what the other verbs made, .venv included
	rm -rf .venv build dist htmlcov .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

$(READY): pyproject.toml constraints.txt scripts/venv.sh
	@scripts/venv.sh
