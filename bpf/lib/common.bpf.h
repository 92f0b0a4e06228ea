/* SPDX-License-Identifier: GPL-2.0-only */
/* The one include of each program file. */
#ifndef COMMON_BPF_H
#define COMMON_BPF_H

#include "vmlinux.h"
#include "modules.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_endian.h>

#include "counters.h"
#include "demand.h"
#include "event.h"
#include "kfeat.h"
#include "kfunc.h"
#include "knobs.h"
#include "nf_layout.h"

extern const volatile struct kfeat kf;
extern const volatile struct knobs knobs;

#define ETH_P_IP   0x0800
#define ETH_P_IPV6 0x86dd
#define AF_INET	   2
#define AF_INET6   10

#include "lib/read.bpf.h"
#include "lib/kernel.bpf.h"
#include "lib/kernel_sock.bpf.h"
#include "lib/hold.bpf.h"
#include "lib/maps.bpf.h"
#include "lib/desk.bpf.h"
#include "lib/frame.bpf.h"
#include "lib/note.bpf.h"
#include "lib/netfilter.bpf.h"
#include "lib/flow.bpf.h"
#include "lib/mtu.bpf.h"
#include "lib/qdisc.bpf.h"
#include "lib/neigh.bpf.h"
#include "lib/evidence.bpf.h"
#include "lib/memory.bpf.h"
#include "lib/receiver.bpf.h"
#include "lib/owner.bpf.h"
#include "lib/wanted.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/count.bpf.h"
#include "lib/more.bpf.h"
#include "lib/emit.bpf.h"
#include "lib/prune.bpf.h"
#include "lib/ct.bpf.h"

#endif
