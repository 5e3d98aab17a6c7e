.DEFAULT_GOAL := help
.PHONY: help serve dev test check-long lint format messages lock bench bench-large clean

HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

serve: ## run the filled site (HOST=127.0.0.1 PORT=8000)
	@.ci/serve

dev: ## run it with debug pages and automatic reload
	@.ci/serve --dev

test: ## run the tests, on SQLite and on PostgreSQL (ARGS="-k name")
	@.ci/test $(ARGS)

check-long: ## run what takes long by nature: many random states, kills (TEST_SEED=1 ARGS="-k name")
	@.ci/test --long $(ARGS)

lint: ## check code, templates, migrations, settings and translations
	@.ci/lint

format: ## write code and templates in the one format that lint accepts
	@.ci/venv requirements-dev.txt
	.venv/bin/python -m ruff check --fix --quiet
	.venv/bin/python -m ruff format
	@# Twice: a line that it breaks the first time may be indented otherwise the second.
	-.venv/bin/python -m djlint --reformat --quiet --profile django templates
	-.venv/bin/python -m djlint --reformat --quiet --profile django templates

messages: ## collect texts to translate and compile the translations
	@.ci/venv requirements-dev.txt
	.venv/bin/python manage.py makemessages --all --add-location file --no-wrap --ignore .venv --ignore var --ignore tests --ignore benchmarks
	.venv/bin/python manage.py compilemessages --ignore .venv

lock: ## write requirements*.txt anew from .ci/requirements*.in
	@.ci/venv requirements-dev.txt
	.venv/bin/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url .ci/requirements.in --output-file requirements.txt
	.venv/bin/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url .ci/requirements-dev.in --output-file requirements-dev.txt

bench: ## measure 10 and 100 thousand documents against plain Django and others (twelve minutes)
	@.ci/system-packages
	@.ci/venv requirements.txt
	.venv/bin/python -m benchmarks

bench-large: ## the same with a million documents (three quarters of an hour)
	@.ci/system-packages
	@.ci/venv requirements.txt
	.venv/bin/python -m benchmarks --large

clean: ## remove what was installed and built; the database in var/ stays
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis test-results var/static
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
