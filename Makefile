# The commands for contributors and newcomers. Each does its own set-up.
.PHONY: demo clean-demo test test-long test-servers check-servers check-mysql-binary check-dashboard \
  check-metrics check-bi check-api \
  build release setup lint bench bench-quick install uninstall deb clean help

PACKAGES = mariadb-server-core mariadb-client libmariadb-dev libcurl4-openssl-dev \
  libmicrohttpd-dev zlib1g-dev libzstd-dev libsodium-dev pkg-config
PREFIX ?= /usr/local
PAYOPS = .build/release/payops

help:            ## Lists the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

demo: setup release   ## Builds, starts a private MariaDB in .payops/, fills it, prints the health
	@$(PAYOPS) demo

clean-demo:      ## Stops the demo's server and removes .payops/
	@if [ -x $(PAYOPS) ]; then $(PAYOPS) demo --remove; else rm -rf .payops; fi

test: setup      ## Builds and runs every test on a throw-away MariaDB
	@swift build --build-tests
	@scripts/run-tests
	@if [ -e .build/servers/trixie/complete ] && [ -e .build/servers/mysql/complete ]; then \
	    scripts/check-servers --payments 2000 --rounds 1; \
	else echo "other servers were not fetched: make check-servers compares them"; fi

test-long: setup ## Runs the long forms of tests, such as twenty backups beside a writer
	@swift build --build-tests
	@PAYOPS_TEST_LONG=1 scripts/run-tests --filter 'LiveWriterTests|AllJobsTests|EarlierVersionTests|RestoreErasureTests|DemoTests|MutationTests|PageLoadTests'

# The programs of the other release come first in PATH; otherwise as `test`.
test-servers: setup  ## Fetches MariaDB 11.8 and MySQL 9.7, runs the tests on them, compares them
	@swift build --build-tests
	@programs=$$(scripts/fetch-server trixie) && \
	    PATH="$$programs:$$PATH" PAYOPS_TEST_SERVER=11.8. scripts/run-tests
	@scripts/test-mysql
	@scripts/check-servers

check-dashboard: build ## Looks at every page of the dashboard with Chromium, on fixtures and a demo
	@scripts/check-dashboard

setup:           ## Installs the Debian packages and fetches the assets that are missing
	@scripts/install-packages $(PACKAGES)
	@scripts/fetch-assets

check-mysql-binary: build ## Works with payops on a MySQL without SUPER: jobs, API, roles, backups
	@scripts/check-mysql-binary

check-servers: build ## Fetches MariaDB 11.8 and MySQL, and compares what payops answers on each
	@scripts/check-servers

check-api: build ## Lets Schemathesis try the HTTP API by its description
	@scripts/check-api

check-metrics: build ## Lets Debian's Prometheus and Alertmanager read the metrics
	@scripts/check-metrics

check-bi: build  ## Lets Superset, ODBC and pandas read the views and the files for BI tools
	@scripts/check-bi

build: setup     ## Builds for debugging
	@swift build

# The Swift runtime is linked into the program, so that it runs without a toolchain.
release: setup   ## Builds the release program
	@swift build -c release --product payops --static-swift-stdlib

lint: setup      ## Checks format, imports, SQL and packaging
	@scripts/install-packages python3-venv && scripts/lint
	@scripts/check-packaging

bench-quick: setup ## Measures in turns at 1M payments, under 8 minutes once built
	@scripts/install-packages mydumper zstd python3-venv
	@swift build -c release
	@scripts/bench --quick

bench: setup     ## Measures everything at 10M payments: hours, and 40 GB of disk
	@scripts/install-packages mydumper zstd sysbench python3-venv
	@swift build -c release
	@scripts/bench
	@scripts/bench-posting
	@scripts/bench-detection
	@scripts/bench-monitor
	@scripts/bench-http

install: release ## Installs program, completions, manual and units below PREFIX (/usr/local)
	@PREFIX=$(PREFIX) DESTDIR=$(DESTDIR) scripts/install-files install

uninstall:       ## Removes the installed files below PREFIX
	@PREFIX=$(PREFIX) DESTDIR=$(DESTDIR) scripts/install-files uninstall

deb: release     ## Builds the Debian package
	@scripts/build-deb

clean:           ## Removes build products
	@rm -rf .build
