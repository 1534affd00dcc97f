# Marsad. `make help` lists the targets.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check format lint types lock wheel wheel-check bench-enrich bench-statistics bench-portal bench-answers bench-scale bench-truth bench-faults bench-attacks sbom clean help
.DEFAULT_GOAL := help

run: ## install what is needed, load the data the first time, start portal and API
	@$(PYTHON) scripts/setup.py run && exec $(BIN)/marsad up

CHECKED := src tests scripts benchmarks

test: ## install what the tests need, check format, lint, types and contracts, and run all tests
	@$(PYTHON) scripts/setup.py test
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: ## format, lint, strict types, import contracts; no tests
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/mypy
	$(BIN)/lint-imports

format: ## write the house format
	$(BIN)/ruff format $(CHECKED)
	$(BIN)/ruff check --fix $(CHECKED)

LOCK := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-emit-find-links --no-header --no-annotate --upgrade

lock: ## lock the newest allowed packages, with hashes and without addresses (needs uv)
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) --group build -c requirements.lock -o requirements-build.lock
	$(LOCK) pyproject.toml --extra dev --extra train --extra postgres --extra browser --extra spark -c requirements.lock \
	  -o requirements-dev.lock
	npm install --package-lock-only --ignore-scripts

wheel: ## build the wheel, with the built assets in it, into build/wheels
	@$(PYTHON) scripts/setup.py run && $(BIN)/python -m flit_core.wheel --outdir build/wheels

wheel-check: ## build the wheel and try all of it in an empty virtual environment (5 minutes)
	@$(PYTHON) scripts/setup.py run && $(BIN)/python scripts/check_wheel.py

bench-enrich: ## every bar of the enrich room beside its baseline, in one table (15 minutes)
	@$(PYTHON) scripts/setup.py test && OMP_NUM_THREADS=1 $(BIN)/python benchmarks/enrich.py ../shared/data

bench-statistics: ## every bar of statistics and dissemination beside its peers (20 minutes)
	@$(PYTHON) scripts/setup.py test
	$(BIN)/python benchmarks/statistical.py ../shared/data
	$(BIN)/python benchmarks/coverage.py
	$(BIN)/python benchmarks/publication.py
	$(BIN)/python benchmarks/sdmx.py

bench-portal: ## every bar of the portal, in one table (10 minutes)
	@$(PYTHON) scripts/setup.py test && $(BIN)/python benchmarks/portal.py

bench-answers: ## questions and persons that were written beforehand, half of them unseen by the builders (3 minutes)
	@$(PYTHON) scripts/setup.py test && MARSAD_HOME=build/answers $(BIN)/marsad flow
	$(BIN)/python benchmarks/answers.py build/answers/releases/*
	$(BIN)/python benchmarks/answers.py build/answers/releases/* --unseen
	$(BIN)/python benchmarks/persons.py benchmarks/answers/persons_seen.tsv benchmarks/answers/persons_unseen.tsv

bench-scale: ## what one more ad costs with 10,000 and 100,000 held, and releases (40 minutes; needs a quiet machine)
	@$(PYTHON) scripts/setup.py test && $(BIN)/python benchmarks/scale.py

bench-truth: ## what is read, kept and counted: personal data, countries, money, days, files, skills, notices, the sample
	@$(BIN)/python -m benchmarks.truth

bench-faults: ## kills, planted damage, doctor, backup and restore, in tables (30 minutes)
	@$(PYTHON) scripts/setup.py test && $(BIN)/python benchmarks/faults.py

bench-attacks: ## what strangers send: bombs, limits, accounts, hostile questions and files, in tables (20 minutes)
	@$(PYTHON) scripts/setup.py test && $(BIN)/python benchmarks/attacks.py

sbom: ## the software bill of materials (CycloneDX) of the lock, into build/sbom.json
	@mkdir -p build && $(BIN)/python scripts/sbom.py > build/sbom.json && echo build/sbom.json

clean: ## remove what was installed and built (data stay)
	rm -rf .venv node_modules build src/marsad/web/assets/dist

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12
