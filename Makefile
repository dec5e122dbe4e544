# Everything starts here: `make demo`, `make test`, `make check`, `make bench`.
# Needs python3 (3.11 to 3.13), make and package registries; nothing else beforehand.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/runtime.stamp
DEV := $(VENV)/dev.stamp

.PHONY: msi appimage demo demo-team test check bench soak setup lock translations screenshots clean

demo: $(RUNTIME)
	$(BIN)/clerk-app demo --keep demo-output

# A server, two desktops of an office and the county; needs a PostgreSQL server (Debian: postgresql).
demo-team: $(RUNTIME)
	packaging/setup/database_server.sh
	$(BIN)/clerk-app demo --team --keep demo-output

test: check
	packaging/setup/run_tests.sh

check: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(DEV)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest tests/benchmarks -q -s --override-ini 'norecursedirs=.*'

# One file that runs on a bare desktop; built from the lock file (packaging/appimage).
APPIMAGE := dist/Amtsstube-x86_64.AppImage
appimage: $(DEV)
	packaging/appimage/build.sh $(BIN) $(CURDIR)/$(APPIMAGE)
	packaging/appimage/smoke.sh $(APPIMAGE)

# The Windows installer, from the locked Windows wheels; tried under Wine by packaging/msi/wine/trial.sh.
msi: $(DEV)
	PYTHONPATH=$(CURDIR) packaging/msi/build.sh $(BIN) $(CURDIR)/build/amtsstube.msi

# The fault matrix with many more trials than each run can afford.
soak: $(DEV)
	CLERK_SOAK=1 CLERK_KILLS=20000 CLERK_TYPING_KILLS=500 packaging/setup/run_tests.sh tests/faults tests/kill tests/portal

setup: $(DEV)

$(VENV)/venv.stamp:
	packaging/setup/make_venv.sh $(PYTHON) $(VENV)
	touch $@

$(RUNTIME): $(VENV)/venv.stamp packaging/locks/runtime.txt packaging/locks/build.txt pyproject.toml
	packaging/setup/system_libraries.sh
	$(BIN)/pip install -q --require-hashes -r packaging/locks/runtime.txt -r packaging/locks/build.txt
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	touch $@

$(DEV): $(RUNTIME) packaging/locks/dev.txt
	$(BIN)/pip install -q --require-hashes -r packaging/locks/dev.txt
	touch $@

# Locks carry hashes but no addresses, so that they hold behind any mirror.
lock: $(VENV)/venv.stamp
	packaging/setup/lock.sh $(BIN)

translations: $(DEV)
	packaging/setup/translations.sh $(BIN)

# The pictures in the README are made by the program.
screenshots: $(RUNTIME)
	packaging/setup/screenshots.sh $(BIN)

clean:
	rm -rf $(VENV) demo-output build dist .mypy_cache .ruff_cache .hypothesis .cache
