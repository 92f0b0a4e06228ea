/* SPDX-License-Identifier: GPL-2.0-only */
/* Attaches floor.bpf.c, says "ready", and at SIGINT how many drops it has counted. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/types.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

struct place {
	__u64 location, reason;
};

static __u64 sum(int map)
{
	int cpus = libbpf_num_possible_cpus();
	__u64 *values = cpus > 0 ? calloc(cpus, sizeof(*values)) : NULL, all = 0;
	struct place key, *prev = NULL;

	while (values && !bpf_map_get_next_key(map, prev, &key)) {
		prev = &key;
		for (int i = 0; !bpf_map_lookup_elem(map, &key, values) && i < cpus; i++)
			all += values[i];
	}
	free(values);
	return all;
}

int main(int argc, char **argv)
{
	struct bpf_object *o = argc == 2 ? bpf_object__open_file(argv[1], NULL) : NULL;
	struct bpf_link *link;
	sigset_t end;
	int signal;

	if (!o || bpf_object__load(o)) {
		fprintf(stderr, "usage: floor FLOOR.BPF.O (as root)\n");
		return 1;
	}
	sigemptyset(&end);
	sigaddset(&end, SIGINT);
	sigprocmask(SIG_BLOCK, &end, NULL);
	link = bpf_program__attach(bpf_object__find_program_by_name(o, "floor_count"));
	if (!link)
		return 1;
	puts("ready");
	fflush(stdout);
	sigwait(&end, &signal);
	bpf_link__destroy(link);
	printf("%llu\n", sum(bpf_object__find_map_fd_by_name(o, "counts")));
	bpf_object__close(o);
	return 0;
}
