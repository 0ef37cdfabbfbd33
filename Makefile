# SPDX-License-Identifier: MIT
# granit: build/granit, one static binary. `make help` lists the targets.
#
# CC, CFLAGS and LDFLAGS are yours: flags given are added behind the ones granit needs. For another architecture:
#	make CC='aarch64-linux-gnu-gcc -specs musl.specs' BUILD=build/arm64

VERSION = 0.1.0

BUILD = build
PREFIX = /usr/local
BINDIR = $(PREFIX)/bin
MANDIR = $(PREFIX)/share/man
BASHCOMPDIR = $(PREFIX)/share/bash-completion/completions
ZSHCOMPDIR = $(PREFIX)/share/zsh/vendor-completions
FISHCOMPDIR = $(PREFIX)/share/fish/vendor_completions.d

# What granit is linked with, where the distribution has no static library of it for musl.
LIBCAPNG_VERSION = 0.8.3
LIBCAPNG_SHA256 = bed6f6848e22bb2f83b5f764b2aef0ed393054e803a8e3a8711cb2a39e6b492d
LIBCAPNG_LICENSE = LGPL-2.1-or-later
LIBCAPNG_SOURCE = libcap-ng
NETTLE_VERSION = 3.8.1
NETTLE_SHA256 = 364f3e2b77cd7dcde83fd7c45219c834e54b0c75e428b6f894a23d12dd41cbfe
NETTLE_LICENSE = LGPL-3.0-or-later OR GPL-2.0-or-later
NETTLE_SOURCE = nettle
LIBSODIUM_VERSION = 1.0.18
LIBSODIUM_SHA256 = d59323c6b712a1519a5daf710b68f5e7fde57040845ffec53850911f10a5d4f4
LIBSODIUM_LICENSE = ISC
LIBSODIUM_SOURCE = libsodium
# The C library of what `make dist` builds.
MUSL_VERSION = 1.2.3
MUSL_SHA256 = 7d5b0b6062521e4627e099e4c9dc8248d32a30285e959b7eecaa780cf8cfd4a4
MUSL_LICENSE = MIT
MUSL_SOURCE = musl

MAKEFLAGS += --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := all

comma := ,

# ---- the compiler

# Where the machine's own libc is musl, its compiler will do; elsewhere musl comes with a wrapper of its own.
# Not asked by looking for musl's loader: a glibc system that has musl installed has that too.
ifneq ($(filter default undefined,$(origin CC)),)
CC := $(if $(findstring musl,$(shell cc -dumpmachine 2>/dev/null)),cc,musl-gcc)
endif

have_compiler := $(shell command -v $(firstword $(CC)) 2>/dev/null)
# $(call supported,FLAG): the flag, if the compiler takes it
supported = $(shell $(CC) -Werror $(1) -x c -c /dev/null -o /dev/null 2>/dev/null && printf %s '$(1)')

ifneq ($(have_compiler),)
TARGET := $(shell $(CC) -dumpmachine 2>/dev/null)
# Against jumps into the middle of functions: x86 has one way, arm64 another, the rest none.
BRANCH_PROTECTION := $(or $(call supported,-fcf-protection),$(call supported,-mbranch-protection=standard))
endif

# ---- the libraries and the kernel's headers

# The folder below $(BUILD), the archive in it and the script that builds it: libcap-ng/lib/libcap-ng.a, ...
LIBCAPNG_FILE = libcap-ng/lib/libcap-ng.a
NETTLE_FILE = nettle/lib/libnettle.a
LIBSODIUM_FILE = libsodium/lib/libsodium.a
LINKED = LIBCAPNG NETTLE LIBSODIUM

# A musl distribution's own static library, or one built here from the pinned source.
ifneq ($(findstring musl,$(TARGET)),)
# The compiler answers with a path where it finds the file, else with the bare name.
$(foreach l,$(LINKED),$(eval $(l) := $(filter /%,$(shell $(CC) -print-file-name=$(notdir $($(l)_FILE))))))
endif
$(foreach l,$(LINKED),$(if $($(l)),,$(eval BUILT += $(l))$(eval $(l) := $(BUILD)/$($(l)_FILE))))
LIBRARIES := $(foreach l,$(LINKED),$($(l)))
LIBRARIES_CPPFLAGS := $(foreach l,$(BUILT),-isystem $(BUILD)/$($(l)_SOURCE)/include) \
	$(if $(filter LIBCAPNG,$(BUILT)),-idirafter $(BUILD)/libcap-ng/kernel-headers)

# $(call fetch,LIBRARY): prints the path of its source
fetch = scripts/fetch-source.sh $($(1)_SOURCE) $($(1)_VERSION) $($(1)_SHA256) build/sources
ifneq ($(findstring musl,$(TARGET)),)
library_hint = || { printf '%s\n' "make: this distribution may have it (Alpine: apk add $(ALPINE_LIBRARIES))" >&2; false; }
endif
ALPINE_LIBRARIES = libcap-ng-dev libcap-ng-static nettle-dev nettle-static libsodium-dev libsodium-static

# ---- flags

WARNINGS = -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Werror
LANGUAGE = -std=gnu11 -D_GNU_SOURCE
# The folder's name must not reach the binary: two builds in different folders are the same bytes.
SAME_BYTES = -ffile-prefix-map=$(CURDIR)=.

# No unwind tables: nobody unwinds granit.
COMPILE = $(LANGUAGE) -Os $(WARNINGS) -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables -fno-unwind-tables \
	$(MODE) -fstack-protector-strong $(BRANCH_PROTECTION) -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 $(SAME_BYTES)
# Compilers that make position-independent code unless told otherwise would put every table with a pointer in it into
# the data segment: 12 kB of it, where 1 kB does.
MODE = -fno-pie
LINK_MODE = -static -no-pie
# noseparate-code: code and constants share pages, which saves one page fault a start and 8 kB of file.
LINK = $(LINK_MODE) -s -Wl,--gc-sections -Wl,--build-id=none -Wl,-z,relro,-z,now -Wl,-z,noexecstack -Wl,-z,noseparate-code

CPPFLAGS_GRANIT = -Isrc -DGRANIT_VERSION='"$(VERSION)"' -DGRANIT_TOOLS=$(if $(filter no,$(TOOLS)),0,1) $(LIBRARIES_CPPFLAGS)

# Test tools and examples: the same warnings, none of the hardening.
COMPILE_TOOL = $(LANGUAGE) -Os $(WARNINGS) $(LIBRARIES_CPPFLAGS)
LINK_TOOL = -static -s

# ---- files

SOURCES := $(sort $(shell find src -name '*.c'))
# TOOLS=no: without --probe, --sleep, --kill, --learn, and without --wait-for, --env-file, --expand, --secret, --secrets.
# Of these options the names stay, for the error: src/options/rows.h.
TOOLS = yes
TOOLS_SOURCES = src/tools/% src/learn/% src/net/% $(addprefix src/launch/,prepare.c wait_for.c env_file.c expand.c secrets.c) \
	$(addprefix src/options/,launch_options.c tool_options.c)
ifeq ($(TOOLS),no)
SOURCES := $(filter-out $(TOOLS_SOURCES),$(SOURCES))
endif
# A distribution's nettle chooses by itself.
ifeq ($(filter NETTLE,$(BUILT)),)
SOURCES := $(filter-out src/seal/sha256_compress.c,$(SOURCES))
endif
OBJECTS := $(SOURCES:%.c=$(BUILD)/obj/%.o)
TEST_TOOLS := $(addprefix build/tests/,probe inject nscontainer attack faults hungfs pretend torture)
TESTED_OBJECTS := $(filter-out %/main.o,$(OBJECTS))
# What other folders of C there are, for the compiler's second opinion and the linters.
OTHER_SOURCES := $(sort $(shell find tests bench examples -name '*.c' 2>/dev/null))

# ---- output: one short line a command, or with V=1 the command itself

ifeq ($(V),1)
quiet =
else
quiet = @printf '  %-8s %s\n' '$(1)' '$(or $(2),$@)';
endif

# ---- build

.PHONY: all
all: $(BUILD)/granit ## build build/granit (V=1 shows the commands)

.PHONY: compiler
compiler:
ifeq ($(have_compiler),)
	@printf '%s\n' "make: there is no compiler '$(firstword $(CC))' in PATH, which granit is built with." \
		'  Debian: scripts/setup.sh build    Alpine: apk add build-base linux-headers $(ALPINE_LIBRARIES)' \
		'  or name another one: make CC=...' >&2
	@false
endif

# A file that changes only when its content does: what is made with other flags than before is made again.
# Single quotes are the shell's here, so they are taken out of the text.
define remember
@mkdir -p $(@D)
@printf '%s\n' '$(subst ','\'',$(1))' | cmp -s - $@ || printf '%s\n' '$(subst ','\'',$(1))' >$@
endef

.PHONY: FORCE
FORCE:

$(BUILD)/obj/compile-flags: FORCE
	$(call remember,$(CC) $(COMPILE) $(CPPFLAGS_GRANIT) $(CFLAGS))
$(BUILD)/obj/link-flags: FORCE
	$(call remember,$(CC) $(LINK) $(LDFLAGS) $(LIBRARIES) $(OBJECTS))
$(BUILD)/obj/compiler: FORCE
	$(call remember,$(CC) $(TARGET) $(foreach l,$(LINKED),$($(l)_VERSION)))

# Their headers are needed before the dependencies of the first build are known.
$(BUILD)/obj/%.o: %.c $(BUILD)/obj/compile-flags $(LIBRARIES) | compiler
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(CC) $(COMPILE) $(CPPFLAGS_GRANIT) $(CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/granit: $(OBJECTS) $(LIBRARIES) $(BUILD)/obj/link-flags | compiler
	$(call quiet,LINK)$(CC) $(LINK) $(CFLAGS) $(OBJECTS) $(LIBRARIES) $(LDFLAGS) -o $@

-include $(OBJECTS:.o=.d)

# $(call library_rule,LIBRARY,FOLDER,COMPILER,PREREQUISITE): how its archive below FOLDER comes to be
define library_rule
$(2)/$($(1)_FILE): scripts/build-$(subst -,,$($(1)_SOURCE)).sh scripts/build-library.sh scripts/fetch-source.sh $(4)
	$$(call quiet,SOURCE,$($(1)_SOURCE) $($(1)_VERSION))tarball=$$$$($$(call fetch,$(1))) && \
		CC='$(3)' CFLAGS= $$< "$$$$tarball" $(2)/$($(1)_SOURCE) $$(library_hint)
endef
$(foreach l,$(LINKED),$(eval $(call library_rule,$(l),$(BUILD),$(CC),$(BUILD)/obj/compiler | compiler)))

build/tests/probe: tests/probe.c tests/helpers/probe_deny.c tests/helpers/probe_pid1.c tests/helpers/probe_run.c tests/helpers/probe_try.c tests/helpers/words.c
build/tests/inject: tests/helpers/inject.c tests/helpers/words.c
build/tests/faults: tests/helpers/faults.c tests/helpers/words.c
build/tests/nscontainer: tests/helpers/nscontainer.c tests/helpers/nscontainer_root.c
build/tests/hungfs: tests/helpers/hungfs.c
build/tests/pretend: tests/helpers/pretend.c
build/tests/torture: tests/helpers/torture.c
build/tests/attack: tests/helpers/attack.c tests/helpers/attack_read.c tests/helpers/attack_change.c
# Its first instruction is its own, and runs before anything is relocated or protected. What int 0x80 points to lies low.
build/tests/attack: LINK_TOOL += -no-pie -fno-pie -fno-stack-protector $(if $(filter x86_64%,$(TARGET)),-Wl$(comma)-e$(comma)attack_entry)
$(TEST_TOOLS): $(wildcard tests/helpers/*.h) $(LIBRARIES) | compiler
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(COMPILE_TOOL) $(LINK_TOOL) $(filter %.c,$^) -o $@

# granit as it is, but with its symbols, and with memory that was given back out of reach instead of free to be used
# again: who reads it all the same does not live to tell. A walk of its remembers few files.
GUARDED = src/sys/arena.c src/facts/image_walk.c
build/tests/granit: $(filter-out $(GUARDED:%.c=$(BUILD)/obj/%.o),$(OBJECTS)) $(GUARDED) $(LIBRARIES) | compiler
	@mkdir -p $(@D)
	$(call quiet,LINK)$(CC) $(COMPILE) $(CPPFLAGS_GRANIT) $(CFLAGS) -DARENA_KEEPS_OUT=1 -DWALK_ROWS=128 $(filter-out -s,$(LINK)) $^ -o $@

# All of granit but its main: the checks on made-up facts, and what other people's signatures prove.
GRANIT_TOOLS := $(addprefix build/tests/,judge signature advise rest exhaust $(if $(filter NETTLE,$(BUILT)),digest))
$(GRANIT_TOOLS): build/tests/%: tests/%.c tests/helpers/words.c $(TESTED_OBJECTS) $(LIBRARIES) | compiler
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(COMPILE_TOOL) -Isrc -Itests $(LINK_TOOL) -no-pie $(filter-out %.h $(TOOL_LEAVES_OUT),$^) -o $@
build/tests/judge: tests/helpers/judge_facts.c tests/helpers/judge_image.c tests/helpers/judge_facts.h
# Two of its files bring what they try, static functions and all. Most of its time is in loops.
EXHAUSTED = src/harden/filter.c src/learn/filter.c
build/tests/exhaust: $(addprefix tests/helpers/exhaust_,elf.c filter.c listener.c mounts.c text.c) tests/helpers/exhaust.h $(EXHAUSTED)
build/tests/exhaust: TOOL_LEAVES_OUT = $(EXHAUSTED) $(EXHAUSTED:%.c=$(BUILD)/obj/%.o)
build/tests/exhaust: COMPILE_TOOL += -O2

.PHONY: test-tools
test-tools: $(TEST_TOOLS) $(GRANIT_TOOLS) build/tests/granit

build/hello: examples/hello/hello.c $(LIBRARIES) | compiler
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(COMPILE_TOOL) $(LINK_TOOL) $< -o $@

.PHONY: hello
hello: build/hello ## build build/hello, the server of examples/hello

# ---- install

MANPAGES = $(wildcard doc/*.[1-8])
in_section = man$(patsubst .%,%,$(suffix $(1)))/$(notdir $(1))
COMPLETIONS = $(addprefix $(BUILD)/completions/,granit.bash granit.zsh granit.fish)
# A granit that runs here, which the completions are made from.
HOST_GRANIT = $(BUILD)/granit

# What is copied: FROM:MODE:TO
INSTALLED = $(BUILD)/granit:755:$(BINDIR)/granit \
	$(foreach page,$(MANPAGES),$(page):644:$(MANDIR)/$(call in_section,$(page))) \
	$(BUILD)/completions/granit.bash:644:$(BASHCOMPDIR)/granit \
	$(BUILD)/completions/granit.zsh:644:$(ZSHCOMPDIR)/_granit \
	$(BUILD)/completions/granit.fish:644:$(FISHCOMPDIR)/granit.fish
installed_field = $(word $(1),$(subst :, ,$(2)))
define newline


endef

.PHONY: completions
completions: $(COMPLETIONS)

$(BUILD)/completions/granit.%: scripts/completions.sh $(HOST_GRANIT)
	@mkdir -p $(@D)
	$(call quiet,MAKE)GRANIT=$(HOST_GRANIT) scripts/completions.sh $* >$@

.PHONY: install
install: $(BUILD)/granit $(COMPLETIONS) ## copy binary, manuals, completions to $(DESTDIR)$(PREFIX), PREFIX=/usr/local
	$(foreach file,$(INSTALLED),install -D -m $(call installed_field,2,$(file)) $(call installed_field,1,$(file)) $(DESTDIR)$(call installed_field,3,$(file))$(newline))

.PHONY: uninstall
uninstall: ## remove what install copied
	rm -f $(foreach file,$(INSTALLED),$(DESTDIR)$(call installed_field,3,$(file)))

# Whoever hands out the package says who: MAINTAINER='Name <address>'
MAINTAINER = the granit authors <unset@maintainer.invalid>

.PHONY: deb
deb: $(BUILD)/granit $(COMPLETIONS) ## build build/granit_VERSION_ARCH.deb
	@scripts/deb.sh $(VERSION) '$(CC)' '$(MAINTAINER)'

# ---- the image that others copy granit from

.PHONY: image
image: $(BUILD)/granit ## make the image of granit alone, and build/oci for a registry (ENGINE=podman, docker, none)
	@scripts/setup.sh image
	@scripts/image.sh $(VERSION)

# ---- test

.PHONY: check
check: ## install what is missing, build, run all tests
	@scripts/setup.sh build check
	@$(MAKE) all test-tools
	@MISSING_TOOLS=fail scripts/run-tests.sh unit cli container platform

.PHONY: check-unit check-cli check-container check-platform
check-unit check-cli check-container check-platform: all test-tools ## run one tier of the tests
	@scripts/run-tests.sh $(@:check-%=%)

.PHONY: check-public
check-public: all test-tools ## have --learn advise on more images of others' Dockerfiles (as root; not among make check)
	@scripts/setup.sh check
	@bats tests/public

.PHONY: bench
bench: all ## measure against other inits (as root; bench/run.sh --help)
	@scripts/setup.sh bench
	@bench/run.sh

.PHONY: soak
soak: all test-tools ## run it for ten minutes under orphans, signals, mounts, and under torture (as root; SOAK=SECONDS)
	@scripts/soak.sh $(SOAK)

.PHONY: load
load: all test-tools ## start a thousand containers one by one, fifty at once, by runc and podman (as root; LOAD='N AT_ONCE')
	@scripts/load.sh $(LOAD)

.PHONY: torture
torture: all test-tools ## have its own program and the outside do to process 1 what they can (as root; TORTURE=SECONDS SEED=N)
	@SEED=$(SEED) scripts/torture.sh $(TORTURE)

.PHONY: faults
faults: all test-tools ## have each system call before the program fail once, with each error (as root, x86-64; FAULTS=OPTIONS)
	@rm -rf build/faults && mkdir -p build/faults
	@python3 tests/helpers/faults.py build/granit build/tests build/faults/roots $(FAULTS)

.PHONY: mutants
mutants: all ## break each judge, row, step and filter, one place at a time: which test notices? (as root; hours; EVERY=N PARTS=...)
	@python3 tests/helpers/mutate.py build/mutants $(or $(EVERY),1) $(PARTS)

.PHONY: coverage
coverage: all test-tools ## count what the tests run, by line and by branch (as root; an hour; TESTS='tests/unit ...')
	@scripts/coverage.sh build/coverage $(TESTS)

.PHONY: property
property: all test-tools ## hold verdicts on containers made up at random against what a program can do (as root; CASES=N SEED=N)
	@SEED=$(SEED) scripts/property.sh $(CASES)

.PHONY: attack
attack: all test-tools ## have an attacker try all that it can do to process 1 (as root; ATTACK=STARTS)
	@scripts/attack.sh $(ATTACK)

.PHONY: demo
demo: ## show it in a container of podman's (ENGINE=docker, ENGINE=none)
	@scripts/demo.sh

# ---- a second libc, a second compiler, the linters

# granit with the sanitizers, which there are for glibc only: `GRANIT=build/sanitize/granit scripts/run-tests.sh unit cli`.
# A finding ends the program with status 99, which no test expects.
SANITIZE_CC = clang
SANITIZE = $(LANGUAGE) $(filter-out -Werror,$(WARNINGS)) -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all

.PHONY: sanitize
sanitize: build/sanitize/granit ## build build/sanitize/granit, with ASan and UBSan

$(foreach l,$(LINKED),$(eval $(call library_rule,$(l),build/sanitize,gcc,)))
SANITIZE_LIBRARIES := $(foreach l,$(LINKED),build/sanitize/$($(l)_FILE))
SANITIZE_CPPFLAGS := $(foreach l,$(LINKED),-isystem build/sanitize/$($(l)_SOURCE)/include)

SANITIZE_OBJECTS := $(SOURCES:%.c=build/sanitize/obj/%.o) build/sanitize/obj/tests/helpers/sanitize.o

build/sanitize/obj/%.o: %.c $(SANITIZE_LIBRARIES) Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(SANITIZE_CC) $(SANITIZE) -Isrc -DGRANIT_VERSION='"$(VERSION)"' -DGRANIT_TOOLS=1 $(SANITIZE_CPPFLAGS) -MMD -MP -c $< -o $@

build/sanitize/granit: $(SANITIZE_OBJECTS)
	$(call quiet,LINK)$(SANITIZE_CC) $(SANITIZE) $^ $(SANITIZE_LIBRARIES) -o $@

-include $(SANITIZE_OBJECTS:.o=.d)

# What reads other people's bytes, on any bytes: one target a file in tests/fuzz, FUZZ seconds each. What is found new
# goes to the build folder; the corpus in the tree is only read. All targets are linked with the same objects, of which the
# linker takes what each needs; their calls to these functions go to tests/fuzz/helpers, where files and peers are made up.
FUZZ = 60
FUZZ_TARGETS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))
FUZZ_WRAPPED = open_in regular_file_open regular_file_open_in proc_file_open read \
	socket connect send recv getrandom patience_wait patience_is_over
# Compiling takes most of a short run: what no target needs is left out. The arena is the helpers' own.
FUZZ_LEFT_OUT = src/main.c src/modes.c src/verify.c src/report/% src/watch/% src/supervise/% src/learn/% src/sys/arena.c \
	$(addprefix src/launch/,start.c children.c terminal.c diagnose.c signals.c wait_for.c prepare.c secrets.c) \
	$(addprefix src/seal/,verify.c lazy.c make.c compare.c extra.c code.c hash.c tree.c own.c manifest_write.c digest.c)
FUZZ_SOURCES := $(filter-out $(FUZZ_LEFT_OUT),$(SOURCES))
FUZZ_OBJECTS := $(FUZZ_SOURCES:%.c=build/fuzz/obj/%.o)
FUZZ_HELPERS := $(patsubst %.c,build/fuzz/obj/%.o,$(wildcard tests/fuzz/helpers/*.c))
FUZZ_PROGRAMS := $(FUZZ_TARGETS:%=build/fuzz/%)

build/fuzz/obj/%.o: %.c $(SANITIZE_LIBRARIES) Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(SANITIZE_CC) $(SANITIZE) -gline-tables-only -fsanitize=fuzzer-no-link -Isrc \
		-DGRANIT_VERSION='"$(VERSION)"' -DGRANIT_TOOLS=1 $(SANITIZE_CPPFLAGS) -MMD -MP -c $< -o $@

build/fuzz/granit.a: $(FUZZ_OBJECTS) $(FUZZ_HELPERS)
	@rm -f $@
	$(call quiet,AR)ar qcs $@ $^

$(FUZZ_PROGRAMS): build/fuzz/%: build/fuzz/obj/tests/fuzz/%.o build/fuzz/granit.a
	$(call quiet,LINK)$(SANITIZE_CC) $(SANITIZE) -fsanitize=fuzzer $(FUZZ_WRAPPED:%=-Wl,--wrap=%) -Wl,--start-group $^ $(SANITIZE_LIBRARIES) -Wl,--end-group -o $@

-include $(FUZZ_OBJECTS:.o=.d) $(FUZZ_HELPERS:.o=.d) $(FUZZ_TARGETS:%=build/fuzz/obj/tests/fuzz/%.d)

.PHONY: fuzz fuzz-short
fuzz: $(FUZZ_PROGRAMS) ## feed the parsers any bytes, under ASan and UBSan (FUZZ=SECONDS for each)
	@scripts/fuzz.sh $(FUZZ) $(FUZZ_TARGETS)

# The corpus, and a moment: for every run of CI.
fuzz-short: $(FUZZ_PROGRAMS)
	@scripts/fuzz.sh 1 $(FUZZ_TARGETS)

# clang wants to be told what musl-gcc knows: where the headers are. It is found beside Debian's compiler only.
CLANG = clang
MUSL_INCLUDE = /usr/include/$(patsubst %-gnu,%-musl,$(shell $(CC) -print-multiarch 2>/dev/null))
CLANG_FLAGS = $(if $(findstring musl,$(TARGET)),,-nostdlibinc -isystem $(MUSL_INCLUDE)) $(CPPFLAGS_GRANIT) $(LANGUAGE)

.PHONY: clang
clang: $(LIBRARIES) ## compile everything with clang too, for its warnings
	$(call quiet,CLANG,$(words $(SOURCES) $(OTHER_SOURCES)) files)$(CLANG) $(CLANG_FLAGS) $(WARNINGS) -fsyntax-only $(SOURCES) $(OTHER_SOURCES)

.PHONY: lint
lint: all test-tools hello ## hold C and shell files against the linters
	@+scripts/lint.sh $(CLANG_FLAGS)

.PHONY: format
format: ## lay out C and shell files as lint wants them
	@scripts/lint.sh --format

# ---- releases

# Whatever has a sum above is linked in: name, version, sum, licence.
libraries := $(sort $(foreach v,$(filter %_SHA256,$(.VARIABLES)),$(if $(filter file,$(origin $(v))),$(v:%_SHA256=%))))

.PHONY: libraries version
libraries: ## list what is linked into granit
	@printf '%s\n' $(foreach l,$(libraries),'$($(l)_SOURCE) $($(l)_VERSION) $($(l)_SHA256) $($(l)_LICENSE)')

version: ## tell granit's version
	@printf '%s\n' '$(VERSION)'

.PHONY: dist dist-test
dist: ## build build/dist: all architectures (ARCH='arm64 ...'), sums, a list of parts (MINISIGN_KEY=FILE signs)
	@scripts/dist.sh $(ARCH)

dist-test: ## the same, and run the unit and cli tests with each, under qemu
	@scripts/dist.sh --test $(ARCH)

# ---- the rest

.PHONY: clean
clean: ## remove what was built, but not what was fetched
	rm -rf $(BUILD)/granit $(BUILD)/obj $(foreach l,$(LINKED),$(BUILD)/$($(l)_SOURCE)) $(BUILD)/completions build/tests build/hello build/sanitize build/results build/fuzz build/deb build/*.deb build/dist

.PHONY: distclean
distclean: ## remove the whole build folder
	rm -rf build

.PHONY: help
help: ## list the targets
	@awk -F ':|## ' '/^[a-z][a-z -]*:.*## / { printf "  %-40s %s\n", $$1, $$NF }' $(firstword $(MAKEFILE_LIST))
