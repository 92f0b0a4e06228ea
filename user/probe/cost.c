/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel counts of the programs' runs while somebody asks it to. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/types.h>

#include "base/log.h"
#include "probe/loader_impl.h"

int loader_count_runs(void)
{
	int fd = bpf_enable_stats(BPF_STATS_RUN_TIME);

	if (fd < 0)
		return log_err(-errno, "this kernel does not count the runs of BPF programs");
	return fd;
}

static void add_runs(const struct object *o, size_t i, enum attach_how how, struct run_cost *sum)
{
	struct bpf_program *prog = o->skel ? object_program(o, i, how) : NULL;
	struct bpf_prog_info info = {};
	__u32 size = sizeof(info);
	int fd = prog ? bpf_program__fd(prog) : -1;

	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &size))
		return;
	sum->runs += info.run_cnt;
	sum->time_ns += info.run_time_ns;
}

struct run_cost loader_run_cost(const struct loader *l, size_t i)
{
	struct run_cost sum = {};

	/* what did not load has no runs, and a probe may have a second program at a function's entry */
	for (int how = 0; how < ATTACH_COUNT; how++) {
		add_runs(&l->base, i, how, &sum);
		for (size_t k = 0; k < l->late_count; k++)
			add_runs(&l->late[k].object, i, how, &sum);
	}
	return sum;
}
