# SPDX-License-Identifier: Apache-2.0

SWIFT ?= swift
BUILD ?= .build
PREFIX ?= /usr/local
DESTDIR ?=
# What surrounds the daemon. INIT is systemd, openrc or sysv.
INIT ?= systemd
SBINDIR ?= $(PREFIX)/sbin
SYSCONFDIR ?= /etc
SYSTEMDUNITDIR ?= $(PREFIX)/lib/systemd/system
TMPFILESDIR ?= $(PREFIX)/lib/tmpfiles.d
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
COMPLETIONDIR ?= $(PREFIX)/share/bash-completion/completions
# pam-auth-update looks nowhere else, whatever PREFIX is.
PAMCONFIGSDIR ?= /usr/share/pam-configs
# Seeds of `make simulate`, of the simulation in `make test` and of `make fuzz`; hooks of `make race`.
N ?= 20000
# Of `make churn`.
SEED ?= 1

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

.PHONY: help build pam developer-tool demo test unit simulate scenarios race churn fuzz check bench install install-command install-host test-systemd documents clean format dependencies-%

help:
	@echo 'build      the release binary, $(release)/exeunt, and the PAM module'
	@echo 'pam        the PAM module alone, $(release)/pam_exeunt.so'
	@echo 'demo       the main job on real programs, in a throwaway host'
	@echo 'test       unit tests, simulation of $(N) seeds, scenarios on the real kernel'
	@echo 'check      format, fences, sizes, licence lines, documents, linkage'
	@echo 'bench      ratios against C programs and against the peers that are installed'
	@echo 'simulate   N=1000000: that many seeds of the simulated host'
	@echo 'churn      N=1000, SEED=$(SEED): so many rounds of log-ins while exeuntd is killed again and again'
	@echo 'race       N=100000: that many hooks are run while an adversary swaps what their paths stand for'
	@echo 'install    DESTDIR=, PREFIX=$(PREFIX), INIT=systemd|openrc|sysv; install-command: without the daemon'
	@echo 'test-systemd  log-in sessions beside a real systemd, in a container'
	@echo 'fuzz       N=100000: so many inputs changed at random for each reader of what others have written'
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

test-systemd: dependencies-test-systemd
	$(MAKE) build
	Tests/Systemd/run

race: dependencies-test
	$(MAKE) build developer-tool
	RACE_COUNT=$(N) Tests/Scenarios/run race.

churn: dependencies-test
	$(MAKE) build
	CHURN_ROUNDS=$(N) CHURN_SEED=$(SEED) Tests/Scenarios/run --patience 86400 login_churn

fuzz: developer-tool
	$(release)/exeunt-develop fuzz --seeds $(N)

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

# Made from what is installed, so that it has the options of that.
$(BUILD)/exeunt.bash: $(release)/exeunt
	$< --generate-completion-script bash > $@.new
	mv $@.new $@

install: install-command install-host

# One program and its documents: what an ordinary user can install for herself.
install-command: $(release)/exeunt $(BUILD)/exeunt.bash
	install -d $(DESTDIR)$(PREFIX)/bin $(addprefix $(DESTDIR)$(PREFIX)/share/,man/man1 man/man5 man/man8 doc/exeunt/examples) \
		$(DESTDIR)$(COMPLETIONDIR)
	install -m 0755 -s $(release)/exeunt $(DESTDIR)$(PREFIX)/bin/exeunt
	install -m 0644 $(BUILD)/exeunt.bash $(DESTDIR)$(COMPLETIONDIR)/exeunt
	install -m 0644 $(manuals) $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 0644 $(formats) $(DESTDIR)$(PREFIX)/share/man/man5
	$(if $(administration),install -m 0644 $(administration) $(DESTDIR)$(PREFIX)/share/man/man8)
	install -m 0644 LICENSE README.md CHANGELOG.md docs/record.schema.json docs/exeunt.conf.example \
		$(DESTDIR)$(PREFIX)/share/doc/exeunt
	install -m 0755 $(wildcard examples/*) $(DESTDIR)$(PREFIX)/share/doc/exeunt/examples

# The daemon and what surrounds it.
install-host: $(release)/exeunt $(release)/pam_exeunt.so
	BINDIR=$(PREFIX)/bin SBINDIR=$(SBINDIR) LIBDIR=$(PREFIX)/lib SYSCONFDIR=$(SYSCONFDIR) UNITDIR=$(SYSTEMDUNITDIR) \
		TMPFILESDIR=$(TMPFILESDIR) SYSUSERSDIR=$(SYSUSERSDIR) PAMDIR=$(PAMDIR) PAMCONFIGSDIR=$(PAMCONFIGSDIR) \
		EXAMPLESDIR=$(PREFIX)/share/doc/exeunt/examples DESTDIR=$(DESTDIR) INIT=$(INIT) RELEASE=$(release) packaging/install

documents: developer-tool
	$(release)/exeunt-develop states > docs/states.md
	$(release)/exeunt-develop settings > docs/exeunt.conf.example
	$(release)/exeunt-develop settings --manual man/exeunt.conf.5 > $(BUILD)/exeunt.conf.5
	cp $(BUILD)/exeunt.conf.5 man/exeunt.conf.5

format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

clean:
	rm -rf $(BUILD)
