# Every target is idempotent and installs what it needs first (tools/setup). CMake and Ninja do the building; this
# file only names the usual ways to call them.

SHELL := /bin/sh
.DEFAULT_GOAL := help
# CMake writes times into what it generates, and the precompiled header defeats ccache without these.
export CCACHE_SLOPPINESS := pch_defines,time_macros,include_file_mtime,include_file_ctime
export CCACHE_MAXSIZE ?= 5G

DEMO := build/demo.db
LISTEN ?= 127.0.0.1:8080
BALLAST := build/release/ballast

# $(call build,PRESET,TARGETS): configure when needed, build, or stop with one line that says what to do.
define build
@[ -f build/$(1)/build.ninja ] || cmake --preset $(1) >build-$(1).log 2>&1 || { \
  cat build-$(1).log >&2; rm -f build-$(1).log; \
  echo "configuring the $(1) preset failed (above); try: make clean, then the same command again" >&2; exit 1; }
@rm -f build-$(1).log
@cmake --build build/$(1) $(if $(2),--target $(2)) || { \
  echo "building the $(1) preset failed: the first error is above" >&2; exit 1; }
endef

.PHONY: help
help: ## List the targets
	@bold=''; plain=''; if [ -t 1 ] && [ -z "$$NO_COLOR" ]; then bold=$$(printf '\033[1;36m'); plain=$$(printf '\033[0m'); fi; \
	awk -v b="$$bold" -v p="$$plain" -F ':.*## ' \
	  '/^[a-z-]+:.*## / {printf "  %smake %-10s%s %s\n", b, $$1, p, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: ## Build the release and serve the demo database on 127.0.0.1:8080
	@tools/setup build
	$(call build,release,ballast)
	@tools/run_demo $(BALLAST) $(DEMO) $(LISTEN)

.PHONY: build
build: ## Build the release: build/release/ballast
	@tools/setup build
	$(call build,release,ballast)

.PHONY: test
test: ## Build the release and run every test; the last line is "N passed, N failed"
	@tools/setup build test
	$(call build,release)
	@tools/run_tests build/release

.PHONY: check
check: ## Check format, layers, headers and lint
	@tools/setup build check
	@tools/run_checks

.PHONY: quick-check
quick-check: ## Check format, layers and error codes: seconds
	@tools/setup build check
	@tools/run_checks --quick

.PHONY: format
format: ## Format every C++ file in place
	@tools/setup check
	@tools/format

.PHONY: asan
asan: ## Run unit tests and scenarios and replay the fuzz corpora under AddressSanitizer and UBSan; ALL=1: every test
	@tools/setup build test
	$(call build,asan)
	@tools/run_tests build/asan $(if $(ALL),,--only unit --only replay --only scenarios)

.PHONY: tsan
tsan: ## Run the unit tests under ThreadSanitizer, or TESTS (storage_test http_test) alone
	@tools/setup build test
	$(call build,tsan,$(TESTS))
	@tools/run_tests build/tsan --only unit $(addprefix --match ,$(TESTS))

.PHONY: faults
faults: ## Let a PostgreSQL fail in every way under a running server: outages, failover, kill -9; takes some minutes
	@tools/setup build test
	$(call build,release)
	@tools/run_tests build/release --only faults

.PHONY: storms
storms: ## Let thousands of requests meet: duplicates, bookings, transfers under kill -9, isolation; about a minute
	@tools/setup build test
	$(call build,release,ballast)
	@tools/run_tests build/release --only storms

.PHONY: soak
soak: ## The storms for an hour, or for SECONDS
	@tools/setup build test
	$(call build,release,ballast)
	@tools/run_tests build/release --only storms --seconds $(or $(SECONDS),3600)

.PHONY: fuzz
fuzz: ## Fuzz every parser for SECONDS (10) each, from its seed corpus
	@tools/setup build fuzz
	$(call build,fuzz)
	@tools/run_fuzz build/fuzz --seconds $(or $(SECONDS),10)

.PHONY: bench
bench: ## Measure the whole server against the budget: a table and build/bench.json
	@tools/setup build bench
	$(call build,release,ballast ballast_constant)
	@bench/run.py --ballast $(BALLAST) $(BENCH_ARGS)

.PHONY: microbench
microbench: ## Build and run the Google Benchmark programs
	@tools/setup build bench
	$(call build,microbench)
	@for program in build/microbench/*_bench; do [ -x "$$program" ] || continue; "$$program" || exit 1; done

.PHONY: coverage
coverage: ## Run the unit tests with coverage and print a line per folder
	@tools/setup build test coverage
	$(call build,coverage)
	@tools/run_tests build/coverage --only unit
	@gcovr --root . --filter src/ --exclude '.*_(test|fuzz|bench)\.cpp' --html-details build/coverage/index.html \
	  --print-summary build/coverage | tail -4
	@echo 'details: build/coverage/index.html'

.PHONY: install
install: ## Install under PREFIX (/usr/local), with man page, completions and systemd units
	@tools/setup build
	$(call build,release,ballast)
	@cmake --install build/release --prefix $(or $(PREFIX),/usr/local)

.PHONY: clean
clean: ## Remove everything that was built, the demo database included
	@rm -rf build
