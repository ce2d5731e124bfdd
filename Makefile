# make report  runs the notebooks and writes figures, pages and PDFs into build/; EDITION=ko: Korean
#              FRESH=1 trains five seeds anew first
#              AUTHOR="…" COURSE="…" DATE="…", all or some, give it a title page
# make test    runs what a change is likely to break
# make check   runs every test; make more those that make test leaves out
#              make scripts checks those of the page, where Node is installed
# make site    writes site/ from what both editions have built: a folder for any static host
#              ADDRESS=https://… where it will stand gives links to it a picture
# make lock    writes requirements.lock, the exact versions with their hashes (needs uv)
#              make … REQUIREMENTS=requirements.lock installs these
PYTHON ?= python3
REQUIREMENTS ?= requirements.txt
EDITION ?= en
VENV := .venv
RUN := $(VENV)/bin/python -m
PYTEST := $(RUN) pytest --numprocesses auto --dist worksteal

.PHONY: report site test check more scripts bundles demo lock clean

report: $(VENV)/installed
	@# The shell, not make, fills the names in: whatever they hold is text, never a command.
	@$(RUN) mnist_compare report --lang "$$EDITION" $(if $(filter-out 0,$(value FRESH)),--fresh) \
	  $${AUTHOR:+--author="$$AUTHOR"} $${COURSE:+--course="$$COURSE"} $${DATE:+--date="$$DATE"}
export EDITION

site: $(VENV)/installed
	$(RUN) mnist_compare report --site $${ADDRESS:+"$$ADDRESS"}

test: $(VENV)/installed
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(PYTEST) -m "not slow"

check: test more

more: scripts $(VENV)/installed
	$(RUN) mypy
	$(PYTEST) -m slow

# Users need no Node: the bundles are in the repository. In CI its lack is an error.
PAGE := mnist_compare/page
scripts:
	@if command -v npm >/dev/null && $(MAKE) --no-print-directory --silent $(PAGE)/node_modules; \
	then $(MAKE) --no-print-directory bundles; \
	else echo "Without Node and its packages, the page's scripts are neither linted nor bundled anew."; \
	  test -z "$$CI"; fi

bundles: $(PAGE)/node_modules
	npm --prefix $(PAGE) run --silent lint
	@folder=$$(mktemp -d) && OUT="$$folder" npm --prefix $(PAGE) run --silent build && \
	  diff -qr "$$folder" $(PAGE)/bundle || \
	  { echo "The bundles are stale: npm --prefix $(PAGE) run build"; exit 1; }

$(PAGE)/node_modules: $(PAGE)/package-lock.json
	npm --prefix $(PAGE) ci --no-audit --no-fund
	@touch $@

demo: $(VENV)/installed
	$(RUN) mnist_compare demo

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis build site *.egg-info

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --custom-compile-command "make lock" --output-file requirements.lock requirements.txt

$(VENV)/installed: $(REQUIREMENTS)
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14) and "Python 3.11, 3.12 or 3.13 is needed, this is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.13")'
	@$(PYTHON) -c 'import lzma' 2>/dev/null || { echo "This Python was built without lzma, in which MNIST is packed. Name another: make PYTHON=python3.13"; exit 1; }
	@echo "Installing 3.5 GB of packages into $(VENV), once: two to five minutes."
	$(PYTHON) -m venv $(VENV)
	if command -v uv >/dev/null; then uv pip install --quiet --python $(VENV)/bin/python -r $(REQUIREMENTS); \
	else $(VENV)/bin/pip install --quiet --disable-pip-version-check -r $(REQUIREMENTS); fi
	touch $@
