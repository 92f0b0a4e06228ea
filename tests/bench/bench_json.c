/* SPDX-License-Identifier: GPL-2.0-only */
/* What one record of a storm costs from its bytes to its JSON line, in CPU time: the whole pipeline. */
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "attribute/pods.h"
#include "build.h"
#include "pipeline.h"

#define BATCH  1000 /* records between two ticks: 100 ms at 10 000 losses a second */
#define CGROUP 4711
#define NETNS  4026532000U

static uint64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static void add_pod(struct pods *p, const char *uid, const char *name, uint64_t cgroup)
{
	struct owner_addr addr = { .addr = { 10, 1, 0, cgroup - CGROUP + 2 }, .family = 4 };
	char text[256];
	struct cgroup_path path;
	struct pod *pod;

	snprintf(text, sizeof(text), "/kubepods/burstable/pod%s/%064d", uid, (int)cgroup);
	cgroup_path_parse(&path, text, strlen(text));
	if (pods_add(p, uid, &pod) || pods_set_name(p, pod, "shop", name) ||
	    pods_set_netns(p, pod, NETNS + cgroup, cgroup) || pods_set_addrs(p, pod, &addr, 1, 1) ||
	    pods_add_cgroup(p, cgroup, &path))
		exit(1);
}

/* A pod's UDP socket is full of what another pod sends. */
static struct event make_record(void)
{
	struct bytes packet = { .size = 0 };
	struct event ev;

	build_ipv4(&packet, IPPROTO_UDP, "10.1.0.3", "10.1.0.2");
	build_udp(&packet, 40000, 5000);
	ev = build_event(&packet, 0x0800);
	ev.key.proto = IPPROTO_UDP;
	ev.key.cgroup = CGROUP;
	ev.key.netns = ev.key.sk_netns = NETNS + CGROUP;
	ev.key.facts = FACT_SK_RX | FACT_SK_FULL;
	ev.key.note = NOTE(NOTE_RECEIVE_FULL, 0);
	ev.sk_rmem = 213504;
	ev.sk_rcvbuf = 212992;
	ev.sk_port = 5000;
	ev.detail_kind = DETAIL_DATAGRAMS;
	ev.detail.datagrams = (struct detail_datagrams){ .queue_length = 278, .stalled_ms = 7 };
	return ev;
}

static int run(struct pipeline *p, int records)
{
	struct event ev = make_record();
	int err = 0;

	for (int n = 0; n < records && !err; n++) {
		ev.time_ns += 10000;
		ev.cpu = n & 3;
		ev.sk_drops++;
		err = pipeline_feed(p, &ev, sizeof(ev));
		if (!err && n % BATCH == BATCH - 1)
			err = pipeline_tick(p);
	}
	return err;
}

int main(int argc, char **argv)
{
	const char *file = argc > 1 ? argv[1] : "/dev/null";
	const char *name = argc > 2 ? argv[2] : "json";
	int records = argc > 3 ? atoi(argv[3]) : 1000000;
	struct host host = *build_host();
	struct sink sink = { .ops = sink_find(name), .config.host = &host };
	struct pipeline p = { .host = &host, .sink = &sink };
	uint64_t start;
	int err;

	sink.config.fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (!sink.ops || sink.config.fd < 0 || records < 1) {
		fprintf(stderr, "usage: bench_json [FILE [json|text [RECORDS]]]\n");
		return 2;
	}
	if (pods_new(&host.pods) || verdicts_new(&p.verdicts, &host, NULL) || sink.ops->open(&sink))
		return 1;
	add_pod(host.pods, "00000000-0000-4000-8000-000000000001", "db-0", CGROUP);
	add_pod(host.pods, "00000000-0000-4000-8000-000000000002", "web-0", CGROUP + 1);
	start = cpu_ns();
	err = run(&p, records);
	printf("%s to %s: %.0f ns per event\n", name, file, (double)(cpu_ns() - start) / records);
	sink.ops->close(&sink);
	verdicts_free(p.verdicts);
	pods_free(host.pods);
	close(sink.config.fd);
	return err ? 1 : 0;
}
