# SPDX-License-Identifier: GPL-2.0-only
# Everything that is built, tested and installed; `make help` lists what to ask for.

VERSION := 0.1.0
PREFIX  ?= /usr/local
STATIC  ?= 1
V       ?= 0

ARCH    := $(shell uname -m | sed 's/x86_64/x86/; s/aarch64/arm64/')
CC      ?= gcc
CLANG   ?= clang
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
           $(if $(filter 1,$(STATIC)),-fPIE,-fPIE)
BPF_CFLAGS := -g -O2 -target bpf -mcpu=v3 -D__TARGET_ARCH_$(ARCH) -Wall -Wextra \
           -Wno-unused-parameter -Werror -Ivmlinux/$(ARCH) -Ivmlinux -Ibpf -Iinclude
TEST_CFLAGS := -std=gnu11 -O1 -g $(WARN) -Werror -fsanitize=address,undefined \
           -fno-sanitize-recover=all -fno-omit-frame-pointer -Itests/unit

# libbpf is always linked in; by default all else too, so that the binary runs on any node.
ifeq ($(STATIC),1)
LDFLAGS += -static-pie
LIBS    := -lbpf -lelf -lz -ljson-c
else
LDFLAGS += -pie -Wl,-z,relro,-z,now
LIBS    := -Wl,-Bstatic -lbpf -Wl,-Bdynamic -lelf -lz -ljson-c
endif

BPF_SRC  := $(wildcard bpf/*.bpf.c)
BPF_OBJ  := $(BPF_SRC:bpf/%.bpf.c=$(B)/bpf/%.bpf.o)
SKEL     := $(B)/whydrop.skel.h
USER_SRC := $(wildcard user/*.c user/*/*.c)
USER_OBJ := $(USER_SRC:%.c=$(B)/%.o)
UNIT_SRC := $(wildcard tests/unit/*.c)
UNIT_OBJ := $(UNIT_SRC:%.c=$(B)/unit/%.o) $(filter-out %/main.o,$(USER_SRC:%.c=$(B)/unit/%.o))

.PHONY: all deps deps-test run demo test unit vmtest fuzz check bench docs install uninstall clean help
.DELETE_ON_ERROR:

all: whydrop

whydrop: $(USER_OBJ)
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/user/%.o: user/%.c $(SKEL) Makefile
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(CFLAGS) $(USER_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/bpf/%.bpf.o: bpf/%.bpf.c Makefile
	@mkdir -p $(@D)
	$(call say,BPF,$<)$(CLANG) $(BPF_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/whydrop.bpf.o: $(BPF_OBJ)
	$(call say,BPFLD,$@)$(BPFTOOL) gen object $@ $^

$(SKEL): $(B)/whydrop.bpf.o
	$(call say,SKEL,$@)$(BPFTOOL) gen skeleton $< name whydrop_bpf > $@

$(B)/unit/%.o: %.c $(SKEL) Makefile
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(TEST_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/unit-tests: $(UNIT_OBJ)
	$(call say,LD,$@)$(CC) $(TEST_CFLAGS) -o $@ $^ -lcriterion -lbpf -lelf -lz -ljson-c

clean:
	$(Q)rm -rf $(B) whydrop

-include $(USER_OBJ:.o=.d) $(BPF_OBJ:.o=.d) $(UNIT_OBJ:.o=.d)
