# The commands of a contributor and of a first visitor. Each does its own set-up.
.PHONY: demo clean-demo test build release setup lint bench install clean help

PACKAGES = mariadb-server-core mariadb-client libmariadb-dev zlib1g-dev libzstd-dev \
  libsodium-dev pkg-config
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

setup:           ## Installs the Debian packages that are missing
	@scripts/install-packages $(PACKAGES)

build: setup     ## Builds for debugging
	@swift build

release: setup   ## Builds for use
	@swift build -c release --product payops

lint: setup      ## Checks format, imports and SQL
	@scripts/install-packages python3-venv && scripts/lint

bench: setup     ## Measures; takes about an hour and 25 GB of disk
	@scripts/install-packages mydumper zstd sysbench
	@swift build -c release
	@scripts/bench
	@scripts/bench-posting
	@scripts/bench-detection

install: release ## Installs the binary below PREFIX (/usr/local)
	@install -D -m 0755 $(PAYOPS) $(DESTDIR)$(PREFIX)/bin/payops

clean:           ## Removes what the build made
	@rm -rf .build
