# Everything a fresh Debian machine with Rust and Node needs is set up by the target that needs it.
# Each target may be run again at any time; what is there is not fetched twice.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL: # apt, npm and cargo each hold one lock

web := dashboards/web
# What `make profile` leaves. Builds are faster with it by a quarter, and the same in all else.
learnt := $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)/weir.profdata
provider := dashboards/tests/provider
web_sources := $(shell find $(web)/src $(web)/static $(web)/scripts gateway/script/page.ts -type f 2>/dev/null) \
	$(wildcard $(web)/package.json $(web)/svelte.config.js $(web)/vite.config.ts $(web)/tsconfig.json)

.PHONY: help demo test test-clients test-unit chaos fuzz bench figures pictures docs check fmt build profile release web engine geo setup clean
.PHONY: compiler tools bench-tools names

help: ## Say what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: build engine geo names ## Run Weir with sample packages and a year of made-up history
	target/release/weir demo

test: setup web ## Run every test, with real clients, a real engine and a real browser
	@echo '== page: unit tests'
	npm --prefix $(web) run test
	@echo '== Rust: every package, debug build'
	setup/rust-tests.sh
	@echo '== Rust: what the spool is fuzzed with, a workspace of its own that takes files of it in'
	cargo test --quiet --locked --manifest-path ingest/spool/fuzz/Cargo.toml --test seeds
	@echo '== page: in a browser'
	npm --prefix $(web) run e2e

test-clients: setup web ## Run every client that is known to pull, and write down what came out
	@setup/every-client.sh
	setup/client-tests.sh

chaos: setup web ## Play every fault at length, and write down what was lost (an hour)
	setup/chaos.sh

test-unit: build engine ## Boot a machine with systemd, and try there what docs/install.md says (on Debian, half an hour)
	setup/vm.sh

fuzz: compiler ## Fuzz every reader of foreign bytes, two minutes each (FUZZ_SECONDS)
	setup/fuzz.sh

bench: engine geo names bench-tools $(learnt) ## Measure what a release is against nginx on this machine
	@$(MAKE) --no-print-directory build
	setup/bench.sh

figures: build engine ## Measure every question of the page and exports, for docs/MEASURED.md
	setup/figures.sh

pictures: build engine geo ## Take the pictures of the page that the docs show
	setup/pictures.sh

docs: compiler ## Build the book from docs/
	setup/book.sh

check: compiler web ## Formatting, lints, docs, licences, generated files
	setup/check.sh

fmt: $(web)/node_modules/.installed ## Format Rust and the page
	cargo fmt --all
	npm --prefix $(web) run format

build: compiler web ## Build the program, optimised: target/release/weir
	$(if $(wildcard $(learnt)),RUSTFLAGS="$$RUSTFLAGS -Cprofile-use=$(learnt)") cargo build --locked --release --package weir

profile: compiler web engine geo bench-tools ## Learn which paths are usual, for later builds (twice as long as one)
	setup/profile.sh

$(learnt):
	@$(MAKE) --no-print-directory profile

release: compiler web $(learnt) ## Make what is released, in target/dist, from the last commit
	setup/release.sh

web: $(web)/build/index.html ## Build the page, and the script for docs

engine: ## Fetch the ClickHouse engine library (178 MB)
	@setup/engine.sh

geo: ## Fetch data about networks: countries, autonomous systems
	@setup/geo.sh

setup: compiler tools engine geo names $(provider)/node_modules/.installed ## Fetch and install everything that tests need

clean: ## Remove what was built; what was fetched stays in .setup
	cargo clean
	rm -rf $(web)/build $(web)/.svelte-kit $(web)/test-results

compiler:
	@setup/apt.sh build-essential cmake

tools:
	@setup/apt.sh bundler chromium composer curl docker-registry fonts-dejavu-core libfaketime nghttp2-client nginx-light \
	  pebble php-cli php-curl php-zip postgresql prometheus python3 python3-venv ruby skopeo strace unzip wrk
	@setup/clients.sh
	@setup/bucket.sh
	@setup/generators.sh
	@setup/redis.sh
	@setup/schemathesis.sh

bench-tools:
	@setup/apt.sh nghttp2-client nginx-light wrk

names:
	@setup/names.sh

$(web)/node_modules/.installed: $(web)/package-lock.json
	@echo '== installing the packages that build the page'
	npm --prefix $(web) ci
	@touch $@

$(provider)/node_modules/.installed: $(provider)/package-lock.json
	@echo '== installing the OpenID provider that tests sign in through'
	npm --prefix $(provider) ci
	@touch $@

$(web)/build/index.html: $(web)/node_modules/.installed $(web_sources)
	@echo '== building the page'
	npm --prefix $(web) run build
	@touch $@
