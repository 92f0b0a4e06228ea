/* SPDX-License-Identifier: GPL-2.0-only */
/* What refuses packets by program: at XDP, at a netfilter hook, a socket's filter; and a tap that nobody reads. */
#include <arpa/inet.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/netfilter.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "gen.h"

/* BPF memory counts against this limit before 5.11. */
static void lift_limit(void)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };

	setrlimit(RLIMIT_MEMLOCK, &unlimited);
}

static int bpf(int command, union bpf_attr *attr)
{
	int fd = syscall(__NR_bpf, command, attr, sizeof(*attr));

	if (fd < 0)
		die("bpf");
	return fd;
}

static int counter_map(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 8, .max_entries = 1
	};

	lift_limit();
	return bpf(BPF_MAP_CREATE, &attr);
}

/* counter[0]++, return verdict */
static int drop_program(int map, int type, int attach_type, int verdict)
{
	const struct bpf_insn code[] = {
		{ BPF_ST | BPF_MEM | BPF_W, BPF_REG_10, 0, -4, 0 },
		{ BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, BPF_PSEUDO_MAP_FD, 0, map },
		{ 0 },
		{ BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_2, BPF_REG_10, 0, 0 },
		{ BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_2, 0, 0, -4 },
		{ BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_map_lookup_elem },
		{ BPF_JMP | BPF_JEQ | BPF_K, BPF_REG_0, 0, 2, 0 },
		{ BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_1, 0, 0, 1 },
		{ BPF_STX | BPF_XADD | BPF_DW, BPF_REG_0, BPF_REG_1, 0, 0 },
		{ BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, verdict },
		{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },
	};
	union bpf_attr attr = {
		.prog_type = type,
		.expected_attach_type = attach_type,
		.insns = (uintptr_t)code,
		.insn_cnt = sizeof(code) / sizeof(code[0]),
		.license = (uintptr_t) "GPL",
	};

	return bpf(BPF_PROG_LOAD, &attr);
}

/* Lets the link drop for MS or until SIGTERM, and says how many it were. */
static int drop_until_told(int link, int map, const char *ms)
{
	union bpf_attr attr = { 0 };
	uint64_t dropped = 0;
	uint32_t zero = 0;

	puts("attached");
	fflush(stdout);
	sleep_until_told(bounded(ms));
	close(link);
	attr.map_fd = map;
	attr.key = (uintptr_t)&zero;
	attr.value = (uintptr_t)&dropped;
	bpf(BPF_MAP_LOOKUP_ELEM, &attr);
	printf("dropped %llu\n", (unsigned long long)dropped);
	return 0;
}

/* xdp DEV MS: generic XDP drops all that DEV receives */
static int xdp(char **a, int n)
{
	int map = counter_map();
	union bpf_attr attr = { 0 };

	(void)n;
	attr.link_create.prog_fd = drop_program(map, BPF_PROG_TYPE_XDP, BPF_XDP, XDP_DROP);
	attr.link_create.target_ifindex = if_nametoindex(a[0]);
	attr.link_create.attach_type = BPF_XDP;
	attr.link_create.flags = XDP_FLAGS_SKB_MODE;
	return drop_until_told(bpf(BPF_LINK_CREATE, &attr), map, a[1]);
}

GEN_COMMAND(xdp, "xdp", "DEV MS", 2, 2);

/* Since 6.4 (84601d6ee68a), and in no older header. */
#define PROG_TYPE_NETFILTER 32
#define ATTACH_NETFILTER    45

struct netfilter_link {
	uint32_t program, target, attach_type, flags;
	uint32_t pf, hook;
	int32_t priority;
	uint32_t netfilter_flags;
};

/* netfilter FAMILY HOOK MS: a program drops all of FAMILY (4 or 6) that comes to this NF_INET_ hook */
static int netfilter(char **a, int n)
{
	int map = counter_map();
	union bpf_attr attr = { 0 };
	struct netfilter_link link = {
		.program = drop_program(map, PROG_TYPE_NETFILTER, ATTACH_NETFILTER, NF_DROP),
		.attach_type = ATTACH_NETFILTER,
		.pf = atoi(a[0]) == 4 ? NFPROTO_IPV4 : NFPROTO_IPV6,
		.hook = atoi(a[1]),
	};

	(void)n;
	memcpy(&attr, &link, sizeof(link));
	return drop_until_told(bpf(BPF_LINK_CREATE, &attr), map, a[2]);
}

GEN_COMMAND(netfilter, "netfilter", "FAMILY HOOK MS", 3, 3);

static void refuse_all(int s)
{
	struct sock_filter code = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = { 1, &code };

	if (setsockopt(s, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)))
		die("filter");
}

/* refuse tcp|udp ADDR PORT MS: a socket whose filter lets nothing in */
static int refuse(char **a, int n)
{
	struct end at = parse(a[1], a[2]);
	int s = socket(at.sa.ss_family, strcmp(a[0], "tcp") ? SOCK_DGRAM : SOCK_STREAM, 0);

	(void)n;
	if (s < 0 || bind(s, (void *)&at.sa, at.size) || (!strcmp(a[0], "tcp") && listen(s, 8)))
		die("refuse");
	refuse_all(s);
	puts("bound");
	fflush(stdout);
	sleep_ms(bounded(a[3]));
	return 0;
}

GEN_COMMAND(refuse, "refuse", "tcp|udp ADDR PORT MS", 4, 4);

/* tap DEV MS: a packet socket with hardly any room, that nobody reads; in the end says what it lost */
static int tap(char **a, int n)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int s = socket(AF_PACKET, SOCK_RAW, 0), size = 2048;
	struct tpacket_stats stats = { 0 };
	socklen_t length = sizeof(stats);

	(void)n;
	at.sll_ifindex = if_nametoindex(a[0]);
	if (s < 0 || setsockopt(s, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) ||
	    bind(s, (void *)&at, sizeof(at)))
		die("tap");
	puts("bound");
	fflush(stdout);
	sleep_until_told(bounded(a[1]));
	if (getsockopt(s, SOL_PACKET, PACKET_STATISTICS, &stats, &length))
		die("tap: statistics");
	printf("dropped %u\n", stats.tp_drops);
	return 0;
}

GEN_COMMAND(tap, "tap", "DEV MS", 2, 2);
