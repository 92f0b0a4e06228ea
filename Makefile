# SPDX-License-Identifier: GPL-2.0-only
# Everything that is built, tested and installed; `make help` lists what to ask for.

VERSION := 0.1.0
PREFIX  ?= /usr/local
STATIC  ?= 1
V       ?= 0

ARCH    := $(shell uname -m | sed 's/x86_64/x86/; s/aarch64/arm64/')
CC      ?= gcc
CLANG   ?= clang
LLVM_OBJCOPY ?= llvm-objcopy
BPFTOOL ?= $(firstword $(shell PATH="$$PATH:/usr/sbin:/sbin" command -v bpftool) bpftool)
SUDO    := $(if $(filter 0,$(shell id -u)),,sudo)
B       := build

Q       := $(if $(filter 1,$(V)),,@)
say      = $(if $(filter 1,$(V)),,@printf '  %-8s %s\n' $(1) $(2);)

WARN    := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wwrite-strings \
           -Wformat=2 -Wundef -Wpointer-arith -fno-common
WERROR  ?= 0
CPPFLAGS += -D_GNU_SOURCE -DWHYDROP_VERSION='"$(VERSION)"' -Iuser -Iinclude -I$(B)
CFLAGS  ?= -O2 -g
USER_CFLAGS := -std=gnu11 $(WARN) $(if $(filter 1,$(WERROR)),-Werror) -fstack-protector-strong \
           -D_FORTIFY_SOURCE=2 -fPIE
BPF_CFLAGS := -g -gno-column-info -O2 -target bpf -mcpu=v3 -D__TARGET_ARCH_$(ARCH) -Wall -Wextra \
           -Wno-unused-parameter -Werror -Ivmlinux/$(ARCH) -Ivmlinux -Ibpf -Iinclude
TEST_CFLAGS := -std=gnu11 -O1 -g $(WARN) -Werror -fsanitize=address,undefined \
           -fno-sanitize-recover=all -fno-omit-frame-pointer -Itests/unit

# libbpf is always linked in; by default all else too, so that the binary runs on any node.
ifeq ($(STATIC),1)
LDFLAGS += -static-pie -Wl,-z,pack-relative-relocs
LIBS    := -lbpf -lelf -lz -ljson-c -lhttp_parser -lnghttp2 -lseccomp
else
LDFLAGS += -pie -Wl,-z,relro,-z,now
LIBS    := -Wl,-Bstatic -lbpf -Wl,-Bdynamic -lelf -lz -ljson-c -lhttp_parser -lnghttp2 -lseccomp
endif

# Definitions first: libbpf 1.1's linker gives a map that was met as extern before the offset 0.
BPF_SRC  := bpf/shared.bpf.c $(filter-out bpf/shared.bpf.c,$(wildcard bpf/*.bpf.c))
BPF_OBJ  := $(BPF_SRC:bpf/%.bpf.c=$(B)/bpf/%.bpf.o)
SKEL     := $(B)/whydrop.skel.h
USER_SRC := $(wildcard user/*.c user/*/*.c)
USER_OBJ := $(USER_SRC:%.c=$(B)/%.o)
UNIT_SRC := $(wildcard tests/unit/*.c)
UNIT_OBJ := $(UNIT_SRC:%.c=$(B)/unit/%.o) $(filter-out %/main.o,$(USER_SRC:%.c=$(B)/unit/%.o))

.PHONY: all deps deps-test run demo test unit vmtest fuzz bench check docs install uninstall deb check-deb clean help
.DELETE_ON_ERROR:

all: whydrop

# Without these there is no build: say how to get them, in one line.
ifneq ($(filter all whydrop,$(or $(MAKECMDGOALS),all)),)
missing := $(foreach t,$(CLANG) $(LLVM_OBJCOPY) $(BPFTOOL),$(if $(shell PATH="$$PATH:/usr/sbin" command -v $(t)),,$(t))) \
           $(foreach h,bpf/libbpf.h gelf.h json-c/json.h http_parser.h nghttp2/nghttp2.h seccomp.h,$(if $(wildcard /usr/include/$(h)),,$(h)))
ifneq ($(strip $(missing)),)
$(error missing: $(strip $(missing)); 'make deps' installs what the build needs)
endif
endif

whydrop: $(USER_OBJ)
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

# The skeleton has to be there; who includes it is known from then on.
$(B)/user/%.o: user/%.c Makefile | $(SKEL)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(CFLAGS) $(USER_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/bpf/%.bpf.o: bpf/%.bpf.c Makefile
	@mkdir -p $(@D)
	$(call say,BPF,$<)$(CLANG) $(BPF_CFLAGS) -MMD -MP -c -o $@ $<

# Two fifths of the object are of no use to the kernel: labels of basic blocks, which nothing refers to (functions
# are found by name), and source lines for the verifier's log. LINES=1 keeps these.
$(B)/whydrop.bpf.o: $(BPF_OBJ) $(B)/cut-lines
	$(call say,BPFLD,$@)$(BPFTOOL) gen object $@ $(BPF_OBJ) && $(LLVM_OBJCOPY) -w --strip-symbol='LBB*' $@
ifneq ($(LINES),1)
	$(Q)$(LLVM_OBJCOPY) --dump-section .BTF.ext=$@.ext $@ && $(B)/cut-lines $@.ext && \
		$(LLVM_OBJCOPY) --update-section .BTF.ext=$@.ext $@ && rm $@.ext
endif

$(B)/cut-lines: tools/cut-lines.c
	@mkdir -p $(@D)
	$(call say,HOSTCC,$@)$(CC) -O1 -Wall -Wextra -Werror -o $@ $<

$(SKEL): $(B)/whydrop.bpf.o
	$(call say,SKEL,$@)$(BPFTOOL) gen skeleton $< name whydrop_bpf > $@

$(B)/unit/%.o: %.c Makefile | $(SKEL)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(TEST_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/unit-tests: $(UNIT_OBJ)
	$(call say,LD,$@)$(CC) $(TEST_CFLAGS) -o $@ $^ -lcriterion -lbpf -lelf -lz -ljson-c -lhttp_parser -lnghttp2 -lseccomp

deps:
	@tools/install-deps

deps-test:
	@tools/install-deps test

# The steps that need root find their own way to it.
run: deps
	@$(MAKE) --no-print-directory whydrop
	$(SUDO) ./whydrop trace

demo: deps
	@$(MAKE) --no-print-directory whydrop
	$(SUDO) tools/demo ./whydrop

test: deps-test
	@tools/test

# As an ordinary user, also when make runs as root.
unit: $(B)/unit-tests
	@tools/unit $(B)/unit-tests

vmtest: whydrop
	@$(SUDO) tests/vm/run

FUZZ_FLAGS := -std=gnu11 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
FUZZ_OBJ   := $(patsubst user/%.c,$(B)/fuzz/%.o,$(filter-out user/main.c,$(USER_SRC)))
$(B)/fuzz/%.o: user/%.c $(SKEL)
	@mkdir -p $(@D)
	$(call say,FUZZ,$<)$(CLANG) $(CPPFLAGS) $(FUZZ_FLAGS) -MMD -MP -c -o $@ $<

$(B)/fuzz_%: tests/fuzz/fuzz_%.c tests/fuzz/tree.c $(FUZZ_OBJ)
	$(call say,FUZZ,$@)$(CLANG) $(CPPFLAGS) $(FUZZ_FLAGS) -o $@ $^ -lbpf -lelf -lz -ljson-c -lhttp_parser -lnghttp2 -lseccomp

FUZZERS := $(patsubst tests/fuzz/%.c,$(B)/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_SECONDS ?= 3
fuzz: $(FUZZERS)
	$(Q)for f in $(FUZZERS); do \
		mkdir -p $(B)/corpus/$$(basename $$f); \
		$$f -max_total_time=$(FUZZ_SECONDS) -print_final_stats=0 -verbosity=0 -close_fd_mask=3 \
			$(B)/corpus/$$(basename $$f) $$(ls -d tests/fuzz/corpus/$$(basename $$f) 2> /dev/null) > $$f.log 2>&1 || { cat $$f.log; exit 1; }; \
		echo "  fuzzed   $$(basename $$f) for $(FUZZ_SECONDS) s"; \
	done

# What a line of JSON, the search for pods, and a lost packet cost (with other tracers that are installed); numbers
# to compare within one machine, not a test.
$(B)/bench_%: tests/bench/bench_%.c tests/unit/build.c $(filter-out %/main.o,$(USER_OBJ))
	$(call say,LD,$@)$(CC) $(CPPFLAGS) $(CFLAGS) $(USER_CFLAGS) -Itests/unit $(LDFLAGS) -o $@ $^ $(LIBS)

# The least that counts drops at all, to compare with.
$(B)/bench/floor.bpf.o: tests/bench/floor.bpf.c
	@mkdir -p $(@D)
	$(call say,BPF,$<)$(CLANG) -g -O2 -target bpf -mcpu=v3 -I/usr/include/$(shell uname -m)-linux-gnu -Wall -Wextra -Werror -c -o $@ $<

$(B)/bench/floor: tests/bench/floor.c
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(CFLAGS) $(USER_CFLAGS) -o $@ $< -Wl,-Bstatic -lbpf -Wl,-Bdynamic -lelf -lz

$(B)/bench/gen: $(wildcard tests/vm/gen*.[ch])
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -static -o $@ $(filter %.c,$^)

bench: $(B)/bench_json $(B)/bench_pods whydrop $(B)/bench/floor $(B)/bench/floor.bpf.o $(B)/bench/gen
	$(Q)$< /dev/null; $< $(B)/bench.json; rm -f $(B)/bench.json
	$(Q)$(B)/bench_pods
	$(Q)$(SUDO) tests/bench/run ./whydrop $(B)/bench/floor $(B)/bench/floor.bpf.o $(B)/bench/gen $(B)/bench

C_FILES := $(wildcard bpf/*.c bpf/lib/*.h include/*.h user/*.[ch] user/*/*.[ch] tests/*/*.[ch] tools/*.c)
CHECKS  := check-format check-layout check-gcc check-clang check-headers check-static check-shell check-docs check-deploy
.PHONY: $(CHECKS)
check: $(CHECKS)
check-format:
	$(call say,CHECK,format)clang-format --dry-run -Werror $(C_FILES)
check-layout:
	$(call say,CHECK,layout)tools/check-layout
check-gcc: $(SKEL)
	$(call say,CHECK,gcc)$(MAKE) -s B=$(B)/check-gcc WERROR=1 CC=gcc objects
check-clang: $(SKEL)
	$(call say,CHECK,clang)$(MAKE) -s B=$(B)/check-clang WERROR=1 CC=$(CLANG) objects
check-headers: $(SKEL)
	$(call say,CHECK,headers)for h in $(wildcard user/*.h user/*/*.h); do \
		echo '#include "'$${h#user/}'"' | $(CC) -fsyntax-only $(CPPFLAGS) $(USER_CFLAGS) -Werror -x c - || exit 1; \
	done
check-static: $(SKEL)
	$(call say,CHECK,static)cppcheck -q --enable=warning,performance,portability --inline-suppr \
		--error-exitcode=1 --std=c11 -D_GNU_SOURCE '-DLIBBPF_OPTS(type,name,...)=struct type name = {0}' '-DWHYDROP_VERSION=""' -Iuser -Iinclude -j2 user
check-shell:
	$(call say,CHECK,shell)shellcheck tools/demo tools/test tools/unit tools/install-deps tools/gen-docs tools/gen-alerts \
		tools/check-deploy tools/make-deb tools/check-deb tools/deploy/debian/p* tools/gen-vmlinux tools/fetch-kernels tools/matrix tests/vm/inside tests/vm/replay-here tests/bench/run .ci/run
# man is silent on a page without faults, and says each on a line of its own.
check-docs: docs
	$(call say,CHECK,docs)words=$$(LC_ALL=C.UTF-8 man --warnings -l -Tutf8 $(B)/whydrop.8 2>&1 > /dev/null); \
		[ -z "$$words" ] || { echo "$$words"; exit 1; }
check-deploy: whydrop
	$(call say,CHECK,deploy)tools/check-deploy ./whydrop
.PHONY: objects
objects: $(USER_OBJ)

docs: whydrop
	$(call say,DOCS,$(B))tools/gen-docs ./whydrop $(B)

install: whydrop docs
	install -D -m 755 whydrop $(DESTDIR)$(PREFIX)/sbin/whydrop
	install -D -m 644 $(B)/whydrop.8 $(DESTDIR)$(PREFIX)/share/man/man8/whydrop.8
	install -D -m 644 $(B)/whydrop.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/whydrop

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/sbin/whydrop $(DESTDIR)$(PREFIX)/share/man/man8/whydrop.8 \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/whydrop

PACKAGE := $(B)/whydrop_$(VERSION)_$(shell dpkg --print-architecture 2> /dev/null).deb
deb: whydrop docs
	$(call say,DEB,$(PACKAGE))tools/make-deb $(VERSION) ./whydrop $(B) $(B)

check-deb: deb
	$(call say,CHECK,deb)tools/check-deb $(PACKAGE) $(VERSION)

help:
	@echo "make          build ./whydrop (ordinary user; 'make deps' installs what that needs)"
	@echo "make run      install what is missing, build, trace this machine"
	@echo "make demo     the same, with real losses of six kinds provoked in namespaces"
	@echo "make test     install what the tests need, run all of them"
	@echo "make deb      build, and make a Debian package in $(B)/ (ordinary user)"
	@echo "make unit | vmtest | fuzz | bench | check | docs | install | uninstall | clean"

clean:
	$(Q)rm -rf $(B) whydrop

-include $(USER_OBJ:.o=.d) $(BPF_OBJ:.o=.d) $(UNIT_OBJ:.o=.d) $(FUZZ_OBJ:.o=.d)
.SECONDARY: $(FUZZ_OBJ)
