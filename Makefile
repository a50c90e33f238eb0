# make run           opens the demo casebook
# make quick         lint, types and the tests of the model, in under a minute
# make test          lint, types, every test and the coverage
# make fuzz          looks for examples that break a property
# make torture       lets the disk fail, kills the program and damages files, for about an hour
# make translations  collects the sentences to translate, and compiles the catalogues
#
# Both see to the system's libraries and make .venv with what the lock files name, when that is
# not done yet. PYTHON=... chooses the interpreter that .venv is made with.

.PHONY: run quick test fuzz torture check-wording lint format translations bench check-survival screenshots lock clean system test-system
.NOTPARALLEL:

# The newest that every dependency supports: Python 3.11 has faults with Qt that later ones have not.
# The newest that runs: a name may be there and lead to nothing.
PYTHON ?= $(shell for each in python3.13 python3.12 python3.11 python3; do \
	"$$each" -c "" 2>/dev/null && command -v "$$each" && break; done)
export PYTHON

python := .venv/bin/python
install := $(python) -m pip install --quiet --disable-pip-version-check --no-input \
	--only-binary :all: --require-hashes

run: .venv/installed
	@$(python) main.py --demo

# The journeys drive a real window on a display of their own; the rest needs none. Exit code 5 of
# pytest says that no test was chosen.
test: lint
	$(offscreen) $(pytest) --numprocesses 2 $(cov) --cov-report= -m "not journey and not slow" || [ $$? -eq 5 ]
	$(on_display) $(pytest) $(cov) --cov-append --cov-report=json:build/coverage.json \
		-m "journey and not slow" || [ $$? -eq 5 ]
	$(python) scripts/coverage_floor.py

quick: lint
	$(offscreen) $(pytest) -q --numprocesses 2 -m "not slow" tests/model tests/test_layers.py

lint: test-system .venv/installed-dev
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(python) -m mypy

format: .venv/installed-dev
	$(python) -m ruff check --fix
	$(python) -m ruff format

# The template is made from the source; each catalogue in resources/translations is updated by it.
translations: .venv/installed-dev
	$(python) -m babel.messages.frontend extract --keywords N_ --add-comments Translators: \
		--sort-by-file --add-location file --no-wrap --project Theralog --version "" \
		--header-comment "# Sentences of Theralog, Apache-2.0." \
		--output $(catalogues)/theralog.pot main.py $(wildcard commands) gui model
	@for catalogue in $(catalogues)/*/LC_MESSAGES/theralog.po; do \
		[ -e "$$catalogue" ] || continue; \
		language=$$(basename $$(dirname $$(dirname "$$catalogue"))); \
		$(python) -m babel.messages.frontend update --no-wrap --domain theralog \
			--input-file $(catalogues)/theralog.pot --output-dir $(catalogues) --locale "$$language"; \
		$(python) -m babel.messages.frontend compile --domain theralog \
			--directory $(catalogues) --locale "$$language"; \
	done

bench: test-system .venv/installed-dev
	$(on_display) $(pytest) -m slow --ignore tests/torture

# Lets every write fail, kills the program hundreds of times, and damages files: about an hour.
torture: test-system .venv/installed-dev
	$(offscreen) $(pytest) --numprocesses 2 -m slow tests/torture

# Looks for examples that break a property, other ones on every run. What is found becomes an
# `@example` of its test.
fuzz: test-system .venv/installed-dev
	$(offscreen) HYPOTHESIS_PROFILE=fuzz $(pytest) --numprocesses 2 -m "hypothesis and not slow"

# Runs the tests of NCI's wording on NCI's own workbooks: `make check-wording CTCAE=folder`.
check-wording: test-system .venv/installed-dev
	$(offscreen) CTCAE_WORKBOOKS="$(CTCAE)" $(pytest) tests/model/ctcae/test_wording.py \
		tests/gui/pages/settings/test_wording_card.py tests/test_main.py

# Makes the reference of the survival tests anew with R (Debian: r-cran-survival) and tests with it.
check-survival: test-system .venv/installed-dev
	mkdir -p build
	Rscript tests/reference/survival.R > build/survival_reference.txt
	SURVIVAL_REFERENCE=build/survival_reference.txt \
		$(pytest) tests/model/cohort/test_kaplan_meier.py

screenshots: test-system .venv/installed
	PYTHONPATH=. $(on_display) $(python) scripts/screenshots.py

# A locale is stated because Qt warns of one that is not UTF-8, and warnings fail the tests.
offscreen := env LC_ALL=C.UTF-8 QT_QPA_PLATFORM=offscreen
on_display := env LC_ALL=C.UTF-8 scripts/with_display.sh
pytest := $(python) -m pytest
cov := --cov
catalogues := resources/translations

system:
	@scripts/system_libraries.sh run

test-system:
	@scripts/system_libraries.sh test

# A changed lock file makes the environment anew, so that nothing stays which it does not name.
.venv/installed: requirements.lock | system
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) \
		and "Theralog needs Python 3.11 or newer; name it with make PYTHON=...")'
	$(PYTHON) -m venv --clear .venv
	$(install) -r requirements.lock
	@touch $@

.venv/installed-dev: requirements-dev.lock .venv/installed
	$(install) -r requirements-dev.lock
	@touch $@

# Newest releases that pyproject.toml allows, for every platform and every Python from 3.11.
lock: compile := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --upgrade \
	--generate-hashes --no-emit-index-url --custom-compile-command "make lock"
lock: .venv/installed
	$(python) -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1"
	$(compile) --output-file requirements.lock pyproject.toml
	$(compile) --output-file requirements-dev.lock --constraint requirements.lock --group dev

clean:
	rm -rf .venv build dist screenshots .coverage *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
