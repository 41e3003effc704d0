# make            the targets
# make site       builds the library and shows it at a printed address
# make test       every test
PYTHON ?= python3
PORT ?= 8000
MINUTES ?= 60
BIN := .venv/bin
ROOT := $(if $(filter 0,$(shell id -u)),,sudo )

.DEFAULT_GOAL := help
.PHONY: help site demo shots guide test lint fix golden docs lock power-cuts bench soak clean chromium fonts

help:  ## lists the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

.venv/bin/pip:
	$(PYTHON) -m venv .venv || { $(ROOT)apt-get install -y python3-venv && $(PYTHON) -m venv --clear .venv; }

.venv/site.stamp: .venv/bin/pip requirements.txt pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/test.stamp: .venv/site.stamp requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

chromium:
	@command -v chromium >/dev/null && command -v rsync >/dev/null && test -x /usr/sbin/nginx && test -x /usr/sbin/sshd || { \
		$(ROOT)apt-get update -qq && $(ROOT)apt-get install -y -qq chromium fonts-noto-cjk nginx-light openssh-server rsync; }

site: .venv/site.stamp  ## builds the library and serves it at a printed address (PORT=8000)
	$(BIN)/caselib serve --port $(PORT)

demo: .venv/test.stamp  ## builds and serves 394 made-up records with drawn pictures, the size of a first round
	@mkdir -p demo
	@test -d demo/cases || $(BIN)/python -m tests.samples demo --count 394 --pictures
	@cp tests/samples/mkdocs.yml demo/mkdocs.yml
	$(BIN)/caselib serve --config demo/mkdocs.yml --port $(PORT)

shots: .venv/test.stamp chromium  ## pictures of every kind of page of the demo, in shots/
	@mkdir -p demo
	@test -d demo/cases || $(BIN)/python -m tests.samples demo --count 394 --pictures
	@cp tests/samples/mkdocs.yml demo/mkdocs.yml
	$(BIN)/caselib build --config demo/mkdocs.yml
	$(BIN)/python -m tests.browser.shots demo/site shots

guide: .venv/test.stamp chromium  ## makes the pictures of the editors' guide anew (needs LibreOffice)
	$(BIN)/python -m tests.guide.pictures

test: lint chromium fonts  ## runs every check and test
	$(BIN)/caselib check
	$(BIN)/pytest -n 2

lint: .venv/test.stamp  ## checks style, types and the order of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: .venv/test.stamp  ## mends what the linter can mend
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

golden: .venv/test.stamp  ## writes the expected pages of tests/golden anew, for review
	$(BIN)/pytest tests/test_golden.py --rewrite-golden

docs: .venv/test.stamp  ## writes the pages that are made from the program (docs/scheme.md)
	$(BIN)/caselib schema --reference > docs/scheme.md

lock: .venv/test.stamp  ## chooses newer versions of the packages
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --python-version 3.11 --group build pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --python-version 3.11 --group build --group dev pyproject.toml -o requirements-dev.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --python-version 3.11 --group kiosk -c requirements.txt -o requirements-kiosk.txt

fonts:  ## installs the open fonts of printed documents (caselib print)
	@test -e /usr/share/fonts/truetype/lxgw-wenkai -a -e /usr/share/fonts/opentype/noto -a -e /usr/share/fonts/truetype/noto -a -e /usr/share/fonts/truetype/dejavu || { $(ROOT)apt-get update -qq && $(ROOT)apt-get install -y -qq fonts-noto-cjk fonts-lxgw-wenkai fonts-dejavu-core fonts-noto-color-emoji; }

power-cuts: .venv/test.stamp  ## cuts the power of the showcase 200 times during updates (CUTS=200)
	$(BIN)/pytest -q -s tests/kiosk/server/test_power_cuts.py --power-cuts $(or $(CUTS),200)

bench: .venv/test.stamp chromium  ## measures against peers and prints the table (long)
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench --only preview --sizes 31100
	$(BIN)/python -m tests.bench --only trials --sizes 31100

soak: .venv/test.stamp chromium  ## visitors at the showcase of the demo (MINUTES=60); ADDRESS= of a server that runs already
	@mkdir -p demo
	@test -d demo/cases || $(BIN)/python -m tests.samples demo --count 394 --pictures
	@cp tests/samples/mkdocs.yml demo/mkdocs.yml
	@cp cases/kiosk.yml demo/cases/kiosk.yml
	$(BIN)/caselib kiosk build --config demo/mkdocs.yml --output demo/kiosk
	$(BIN)/python -m tests.kiosk.soak $(MINUTES) --folder demo/kiosk $(if $(ADDRESS),--address $(ADDRESS))

clean:  ## removes what the targets made, the published site excepted
	rm -rf .cache .venv .bench
