/* SPDX-License-Identifier: GPL-2.0-only */
/* What the pod index costs: memory and time to build it for 500 pods, and to find victim and peer. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "attribute/attribute.h"
#include "attribute/pods.h"
#include "build.h"

#define PODS   500
#define ROUNDS 1000000

/* What may not be exceeded: bytes, and nanoseconds per event. */
#define MEMORY_LIMIT (4 << 20)
#define EVENT_LIMIT  1000

static uint64_t read_clock(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

/* What this process took, whatever else the machine does. */
static uint64_t spent(void)
{
	return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

static void add_pod(struct pods *p, uint32_t i)
{
	struct owner_dev dev = { .netns = 4026531840U, .ifindex = 10 + i };
	struct owner_addr addr[3] = { { .addr = { 10, 244, i >> 8, i }, .family = 4 },
				      { .addr = { 0xfd, 0, i >> 8, i }, .family = 6 },
				      { .addr = { 2, 0, 0, 0, i >> 8, i },
					.family = ADDRS_FAMILY_MAC } };
	struct cgroup_path path;
	struct pod *pod;
	char uid[37], id[65], name[300];

	snprintf(uid, sizeof(uid), "%08x-0000-4000-8000-000000000000", i);
	snprintf(name, sizeof(name), "deployment-%u-7d4b9c6f5d-x%04x", i / 10, i);
	if (pods_add(p, uid, &pod) || pods_set_name(p, pod, "namespace", name) ||
	    pods_set_netns(p, pod, 4026532000U + i, 1000 + i) ||
	    pods_set_addrs(p, pod, addr, 3, read_clock(CLOCK_MONOTONIC)) ||
	    pods_set_devs(p, pod, &dev, 1))
		exit(1);
	for (uint32_t c = 0; c < 3; c++) {
		snprintf(id, sizeof(id), "%064x", i * 3 + c);
		snprintf(name, sizeof(name), "/kubepods/burstable/pod%s/%s", uid, id);
		cgroup_path_parse(&path, name, strlen(name));
		if (pods_add_cgroup(p, 100000 + i * 3 + c, &path) ||
		    pods_set_container(p, id, c ? "container" : "POD", !c))
			exit(1);
	}
}

/* Packets of sockets, of namespaces, forwarded ones and the host's, in turn. */
static void make_key(struct loss_key *key, uint32_t i, struct pods *p)
{
	uint32_t pod = i * 7919 % PODS;

	*key = (struct loss_key){ .netns = 4026531840U, .kind = EV_SKB_DROP };
	switch (i % 4) {
	case 0:
		key->sk_netns = key->netns = 4026532000U + pod;
		key->netns_cookie = 1000 + pod;
		key->cgroup = 100000 + pod * 3 + 1;
		break;
	case 1:
		key->netns = 4026532000U + pod;
		key->netns_cookie = 1000 + pod;
		break;
	case 2:
		key->owner = OWNER(OWNER_BY_IIF, pods_by_dev(p, key->netns, 10 + pod)->id << 1);
		break;
	}
}

static void set_addr(uint8_t *addr, uint32_t pod)
{
	memcpy(addr, (uint8_t[]){ 10, 244, pod >> 8, pod }, 4);
}

static uint64_t attribute_all(struct host *h, const struct event *event, uint32_t *named)
{
	struct event ev = *event;
	struct verdict verdict;
	struct drop d = { .ev = &ev, .verdict = &verdict };
	uint64_t start;

	memset(&verdict, 0, sizeof(verdict));
	d.pkt.outer.family = 4;
	start = spent();
	for (uint32_t i = 0; i < ROUNDS; i++) {
		make_key(&ev.key, i, h->pods);
		attribute_victim(&verdict.victim, &ev.key, h);
		set_addr(d.pkt.outer.src, i * 7919 % PODS);
		set_addr(d.pkt.outer.dst, i * 7907 % PODS);
		attribute_peer(&d.peer, &d, h);
		*named += verdict.victim.pod && d.peer.pod;
	}
	return spent() - start;
}

int main(void)
{
	struct host h = { .netns = 4026531840U };
	size_t before = mallinfo2().uordblks, bytes;
	struct event ev = { .time_ns = 0 };
	uint64_t start = spent(), built, ns;
	uint32_t named = 0;

	if (pods_new(&h.pods))
		return 1;
	for (uint32_t i = 0; i < PODS; i++)
		add_pod(h.pods, i);
	built = spent() - start;
	bytes = mallinfo2().uordblks - before;
	ev.time_ns = read_clock(CLOCK_MONOTONIC);
	ns = attribute_all(&h, &ev, &named) / ROUNDS;
	printf("index of %d pods: %zu KiB, built in %.1f ms; victim and peer: %u ns per event\n",
	       PODS, bytes >> 10, built / 1e6, (unsigned int)ns);
	pods_free(h.pods);
	/* three of four have a victim that is a pod, nearly all a peer */
	return named < ROUNDS / 2 || bytes > MEMORY_LIMIT || ns > EVENT_LIMIT;
}
