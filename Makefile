# Each target sets up .venv by itself, and again only when the versions change.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# One thread: on networks this small, two cost twenty times the time of one.
export OMP_NUM_THREADS := 1
# nbgrader calls `alembic` by its bare name.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help demo quick test soak coverage release dist test-postgres test-jupyterhub conformance same-marks story kill fuzz machines facts bench bench-scale bench-imports bench-parts lint lessons chromium clean

help:
	@echo "make demo           release the course, make a class of 24, grade it: the whole thing in two minutes"
	@echo "make quick          the tests that start no process, most of all: less than two minutes"
	@echo "make test           all that must not break, make lint too; needs Chromium, which root gets by itself (make chromium)"
	@echo "make soak           all that takes long: every seed, every case, and the targets below from test-postgres to machines"
	@echo "make lint           ruff's rules and format, mypy's types"
	@echo "make coverage       make test, a third slower, and which lines of ours it has not run"
	@echo "make release        what students get, checked: a zip for each lesson in dist/, one of all, and the wheel"
	@echo "make dist           make release and the source archive, and a look into all that would be published"
	@echo "make test-postgres  the tests of the gradebook, on a PostgreSQL server of their own"
	@echo "make test-jupyterhub  a JupyterHub with its proxy: fetched, submitted, graded and told about there"
	@echo "make conformance    nbgrader's own tests of autograding, with our sandbox in place of its kernels"
	@echo "make same-marks     a class of 200, graded by stock nbgrader and by us: the same gradebook and files; the exchange too"
	@echo "make story          sixty students and all that happens to them between handing in and their feedback"
	@echo "make kill           a grader killed 20 times: nothing lost, nothing twice"
	@echo "make fuzz           10,000 damaged notebooks and frames of each kind, instead of the few that make test tries"
	@echo "make machines       every Python and computer a student may have, asked of the index; each layer and facility taken away"
	@echo "make facts          every measured number in the lessons' texts, measured again"
	@echo "make bench          ours beside stock nbgrader and otter-grader, on the same 20 submissions (N=100: on 100)"
	@echo "make bench-scale    our grader on 100, 1,000 and 10,000 submissions"
	@echo "make bench-imports  a course that imports pandas and sklearn: stock nbgrader, the plug-in, and in bulk"
	@echo "make bench-parts    what the sandbox costs, what a student waits for, and lesson 6 beside its own training"
	@echo "make lessons        rebuild assignments/ and solutions/ from source/ after editing a lesson (LESSON=4-network: one)"
	@echo "make clean          remove what the targets above made, .venv included"

demo: $(VENV)/installed
	@$(BIN)/autograder demo demo-class

# What shares something stays together on one core; the rest is spread.
ALL_TESTS := -m pytest -n auto --dist loadfile --no-loadscope-reorder

quick: $(VENV)/installed
	$(BIN)/python $(ALL_TESTS) --tier=quick -r fE

test: $(VENV)/installed chromium
	$(BIN)/python $(ALL_TESTS) --tier=test --durations=10

soak: test-postgres test-jupyterhub conformance same-marks story kill fuzz machines facts chromium
	$(BIN)/python $(ALL_TESTS) --tier=soak --durations=10

coverage: $(VENV)/installed chromium
	$(BIN)/coverage erase
	$(BIN)/coverage run $(ALL_TESTS) --tier=test
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

release: $(VENV)/installed
	@$(BIN)/autograder release

dist: release
	$(BIN)/python -m hatchling build -t sdist -d dist
	DIST=dist $(BIN)/python -m pytest tests/project/test_dist.py

# nbgrader reads a configuration from there wherever it is started; its tests come with it.
conformance: $(VENV)/installed
	cd $$(mktemp -d) && JUPYTER_CONFIG_DIR=$(CURDIR)/tests/conformance \
		$(CURDIR)/$(BIN)/python -m pytest -p no:cacheprovider -W ignore --pyargs nbgrader.tests.apps.test_nbgrader_autograde

test-postgres: $(VENV)/installed
	tests/with_postgres.sh $(BIN)/python -m pytest tests/gradebook/test_database.py tests/gradebook/test_cells.py tests/gradebook/test_class_run.py

test-jupyterhub: $(VENV)/with-jupyterhub
	PROXY=$(CURDIR)/$(VENV)/proxy/node_modules/.bin/configurable-http-proxy \
		$(BIN)/python -m pytest tests/e2e/test_jupyterhub.py

same-marks: $(VENV)/installed
	CLASS=200 $(BIN)/python -m pytest --tier=soak tests/e2e/test_same_marks.py
	CLASS=24 $(BIN)/python -m pytest --tier=soak tests/e2e/test_exchange.py

story: $(VENV)/installed
	STORY=60 $(BIN)/python -m pytest --tier=soak tests/gradebook/test_story.py

kill: $(VENV)/installed
	KILLS=20 $(BIN)/python -m pytest --tier=soak tests/e2e/test_killed.py

fuzz: $(VENV)/installed
	FUZZ=long $(BIN)/python -m pytest tests/fuzz

machines: $(VENV)/installed
	RESOLVE=1 $(BIN)/python -m pytest tests/e2e/test_resolves.py
	MACHINES=all $(BIN)/python -m pytest --tier=soak tests/e2e/test_machines.py tests/e2e/test_newest_python.py

facts: $(VENV)/installed
	$(BIN)/python tests/course/facts.py

# How many submissions every grader is given; CPU times and memory are of Linux.
N ?= 20

bench: $(VENV)/with-otter
	$(BIN)/python benchmarks/side_by_side.py --submissions $(N) --out benchmarks/side_by_side.md

bench-scale: $(VENV)/with-otter
	$(BIN)/python benchmarks/side_by_side.py --submissions 0 --scale 100 1000 10000 --out benchmarks/scale.md

bench-imports: $(VENV)/installed
	$(BIN)/python benchmarks/imports.py --out benchmarks/imports.md

bench-parts: $(VENV)/installed
	$(BIN)/python benchmarks/sandbox.py
	$(BIN)/python benchmarks/student.py
	$(BIN)/python benchmarks/training.py

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Of one lesson: make lessons LESSON=4-network
lessons: $(VENV)/installed
	$(BIN)/autograder build $(LESSON)

# The browser tests drive Debian's Chromium. Root gets it here; everybody else is told what is missing.
chromium:
	@for name in chromium chromium-browser google-chrome-stable google-chrome; do \
		command -v $$name >/dev/null && exit 0; \
	done; \
	if [ "$$(id -u)" = 0 ]; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; \
	else \
		echo "The browser tests need Chromium, and only root can install it: sudo apt-get install chromium" >&2; exit 1; \
	fi

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[instructor,cluster,postgres,dev]'
	@mkdir -p $(VENV)/etc/jupyter/jupyter_server_config.d
	@cp autograder/instructor/formgrader/autograder.json $(VENV)/etc/jupyter/jupyter_server_config.d/
	@touch $@

$(VENV)/with-otter: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	@touch $@

$(VENV)/with-jupyterhub: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[hub]'
	$(BIN)/npm install --no-fund --no-audit --loglevel=error --prefix $(VENV)/proxy configurable-http-proxy@5.3.0
	@touch $@

clean:
	rm -rf $(VENV) demo-class build dist .pytest_cache .ruff_cache .hypothesis test-artefacts .mypy_cache .coverage*
