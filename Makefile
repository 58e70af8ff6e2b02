# SPDX-License-Identifier: Apache-2.0

SWIFT ?= swift
BUILD ?= .build
PREFIX ?= /usr/local
DESTDIR ?=
# Seeds of `make simulate` and of the simulation in `make test`; hooks of `make race`.
N ?= 20000

# Where libpam looks for its modules; on Debian below the name of the architecture.
multiarch := $(shell gcc -print-multiarch 2>/dev/null)
PAMDIR ?= /lib/$(if $(multiarch),$(multiarch)/)security

# Scripts are told by their environment, and must not depend on where they are called.
override BUILD := $(abspath $(BUILD))
export BUILD
export EXEUNT ?= $(BUILD)/release/exeunt

release := $(BUILD)/release
static-libraries := $(BUILD)/static-libraries

# A dynamic libstdc++ costs about a millisecond at every start, so it is linked statically, and libgcc with it. The
# linker takes the first directory that has the library in any form: ours holds the archive and nothing else.
release-flags := --scratch-path $(BUILD) --configuration release --static-swift-stdlib --disable-local-rpath \
	-Xlinker -L$(static-libraries) -Xlinker --gc-sections -Xlinker -z -Xlinker relro -Xlinker -z -Xlinker now \
	-Xswiftc -Xclang-linker -Xswiftc -static-libgcc

# The module has no Swift run time to link, and a path to look for libraries in is nothing that it may bring along.
module-flags := --scratch-path $(BUILD) --configuration release --disable-local-rpath \
	-Xlinker --gc-sections -Xlinker -z -Xlinker relro -Xlinker -z -Xlinker now

manuals := $(wildcard man/*.1)
formats := $(wildcard man/*.5)
administration := $(wildcard man/*.8)

# SwiftPM uses all processors by itself, and one build at a time.
.NOTPARALLEL:

.PHONY: help build pam developer-tool demo test unit simulate scenarios race check bench install documents clean format dependencies-%

help:
	@echo 'build      the release binary, $(release)/exeunt, and the PAM module'
	@echo 'pam        the PAM module alone, $(release)/pam_exeunt.so'
	@echo 'demo       the main job on real programs, in a throwaway host'
	@echo 'test       unit tests, simulation of $(N) seeds, scenarios on the real kernel'
	@echo 'check      format, fences, sizes, licence lines, documents, linkage'
	@echo 'bench      ratios against C programs and against the peers that are installed'
	@echo 'simulate   N=1000000: that many seeds of the simulated host'
	@echo 'race       N=100000: that many hooks are run while an adversary swaps what their paths stand for'
	@echo 'install    DESTDIR=, PREFIX=$(PREFIX), PAMDIR=$(PAMDIR)'
	@echo 'documents  write the generated documents anew'
	@echo 'format     rewrite the sources in the one format'
	@echo 'clean      remove $(BUILD)'

build: $(static-libraries)/libstdc++.a pam
	$(SWIFT) build $(release-flags) --product exeunt
	$(SWIFT) build $(release-flags) --product exeuntd

# A call of its own: --static-swift-stdlib holds for all that is built by the same one.
pam:
	$(SWIFT) build $(module-flags) --product pam_exeunt
	cp $(release)/libpam_exeunt.so $(release)/pam_exeunt.so

developer-tool: $(static-libraries)/libstdc++.a
	$(SWIFT) build $(release-flags) --product exeunt-develop

$(static-libraries)/libstdc++.a:
	@command -v gcc >/dev/null || { echo 'gcc and libstdc++ are missing: run scripts/install-dependencies build' >&2; exit 1; }
	@mkdir -p $(static-libraries)
	ln -sf "$$(gcc -print-file-name=libstdc++.a)" $@

dependencies-%:
	@scripts/install-dependencies build $*

demo: dependencies-demo
	$(MAKE) build
	demo/run

test: dependencies-test
	$(MAKE) unit
	$(MAKE) simulate
	$(MAKE) scenarios

unit:
	scripts/test-checks
	$(SWIFT) test --scratch-path $(BUILD)

simulate: developer-tool
	$(release)/exeunt-develop simulate --seeds $(N)

scenarios: build developer-tool
	Tests/Scenarios/run

race: dependencies-test
	$(MAKE) build developer-tool
	RACE_COUNT=$(N) Tests/Scenarios/run race.

check: dependencies-check
	$(MAKE) build developer-tool
	scripts/check

bench: dependencies-bench
	$(MAKE) build developer-tool
	Benchmarks/run

# What is there is installed as it is: whoever may write to PREFIX need not have the tool chain in PATH.
$(release)/exeunt:
	$(MAKE) build

$(release)/pam_exeunt.so:
	$(MAKE) pam

install: $(release)/exeunt $(release)/pam_exeunt.so
	install -d $(DESTDIR)$(PREFIX)/bin $(addprefix $(DESTDIR)$(PREFIX)/share/,man/man1 man/man5 man/man8 doc/exeunt/examples)
	install -m 0755 -s $(release)/exeunt $(DESTDIR)$(PREFIX)/bin/exeunt
	install -d $(DESTDIR)$(PAMDIR)
	install -m 0644 -s $(release)/pam_exeunt.so $(DESTDIR)$(PAMDIR)/pam_exeunt.so
	install -m 0644 $(manuals) $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 0644 $(formats) $(DESTDIR)$(PREFIX)/share/man/man5
	install -m 0644 $(administration) $(DESTDIR)$(PREFIX)/share/man/man8
	install -m 0644 LICENSE README.md CHANGELOG.md docs/record.schema.json docs/exeunt.conf.example \
		$(DESTDIR)$(PREFIX)/share/doc/exeunt
	install -m 0755 $(wildcard examples/*) $(DESTDIR)$(PREFIX)/share/doc/exeunt/examples

documents: developer-tool
	$(release)/exeunt-develop states > docs/states.md
	$(release)/exeunt-develop settings > docs/exeunt.conf.example
	$(release)/exeunt-develop settings --manual man/exeunt.conf.5 > $(BUILD)/exeunt.conf.5
	cp $(BUILD)/exeunt.conf.5 man/exeunt.conf.5

format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

clean:
	rm -rf $(BUILD)
