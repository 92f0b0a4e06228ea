/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel side has counted, and what it is told of owners. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/types.h>

#include "probe/batch.h"
#include "probe/loader_impl.h"
#include "whydrop.skel.h"

int loader_events_fd(const struct loader *l)
{
	return bpf_map__fd(l->base.skel->maps.events);
}

void loader_describe_all(const struct loader *l)
{
	__atomic_store_n(&l->base.skel->bss->describe_all, 1, __ATOMIC_RELEASE);
}

static bool is_attached(const struct loader *l, const char *name)
{
	for (size_t i = 0; i < probes_count; i++)
		if (!strcmp(probes[i].name, name))
			return l->choices[i].way >= 0;
	return false;
}

int loader_cgroups_fd(const struct loader *l)
{
	if (!is_attached(l, "cgroup_mkdir") || !is_attached(l, "cgroup_rmdir"))
		return -ENOTSUP;
	return bpf_map__fd(l->base.skel->maps.cgroup_events);
}

uint32_t loader_cgroups_lost(const struct loader *l)
{
	return __atomic_load_n(&l->base.skel->bss->cgroup_events_lost, __ATOMIC_RELAXED);
}

int loader_counters(const struct loader *l, uint64_t out[CNT_MAX])
{
	size_t words = bpf_map__value_size(l->base.skel->maps.cpu_state) / 8;
	__u64 *values = calloc(l->cpus * words, sizeof(*values));
	__u32 zero = 0;
	int err;

	if (!values)
		return -ENOMEM;
	err = bpf_map_lookup_elem(bpf_map__fd(l->base.skel->maps.cpu_state), &zero, values);
	for (int c = 0; c < CNT_MAX && !err; c++) {
		out[c] = 0;
		for (int cpu = 0; cpu < l->cpus; cpu++)
			out[c] += values[cpu * words + c];
	}
	free(values);
	return err;
}

static uint64_t missed_of(const struct bpf_program *prog)
{
	struct bpf_prog_info info = {};
	__u32 size = sizeof(info);

	/* programs that were not loaded have no descriptor */
	if (bpf_program__fd(prog) < 0 ||
	    bpf_obj_get_info_by_fd(bpf_program__fd(prog), &info, &size))
		return 0;
	return info.recursion_misses;
}

uint64_t loader_missed_in(const struct object *o)
{
	struct bpf_program *prog;
	uint64_t missed = 0;

	bpf_object__for_each_program (prog, o->skel->obj)
		missed += missed_of(prog);
	return missed;
}

uint64_t loader_missed(const struct loader *l)
{
	uint64_t missed = l->missed_before + loader_missed_in(&l->base);

	for (size_t i = 0; i < l->late_count; i++)
		missed += loader_missed_in(&l->late[i].object);
	return missed;
}

static struct loss_count add_up(const struct loss_count *values, int cpus)
{
	struct loss_count sum = {};

	for (int cpu = 0; cpu < cpus; cpu++) {
		sum.buffers += values[cpu].buffers;
		sum.packets += values[cpu].packets;
		sum.bytes += values[cpu].bytes;
	}
	return sum;
}

/* What all CPUs have in one slot, on their way to the map of all losses. */
static int read_slot(const struct loader *l, __u32 slot, struct recent_loss *values)
{
	return bpf_map_lookup_elem(bpf_map__fd(l->base.skel->maps.recent_losses), &slot, values);
}

/*
 * A slot may be given to another key while it is read: then the key is the new one's and the count the old
 * one's. Of two looks at least one is right, and for the same key it is the one with less.
 */
static bool is_sound(const struct recent_loss *first, const struct recent_loss *second)
{
	return !first->busy && first->count.buffers &&
	       !memcmp(&first->key, &second->key, sizeof(first->key)) &&
	       first->count.buffers <= second->count.buffers;
}

/* What each CPU has not yet added to the map of all losses. */
static int recent_losses(const struct loader *l,
			 void (*each)(void *arg, const struct loss_key *key,
				      const struct loss_count *sum),
			 void *arg)
{
	__u32 slots = bpf_map__max_entries(l->base.skel->maps.recent_losses);
	struct recent_loss *first = calloc(2 * l->cpus, sizeof(*first)), *second = first + l->cpus;
	int err = first ? 0 : -ENOMEM;

	for (__u32 slot = 0; slot < slots && !err; slot++) {
		err = read_slot(l, slot, first);
		if (!err)
			err = read_slot(l, slot, second);
		for (int cpu = 0; cpu < l->cpus && !err; cpu++)
			if (is_sound(&first[cpu], &second[cpu]))
				each(arg, &first[cpu].key, &first[cpu].count);
	}
	free(first);
	return err;
}

struct adding {
	void (*each)(void *arg, const struct loss_key *key, const struct loss_count *sum);
	void *arg;
};

static void add_one(void *arg, const void *key, const void *values)
{
	const struct adding *a = arg;

	a->each(a->arg, key, values);
}

int loader_losses(const struct loader *l,
		  void (*each)(void *arg, const struct loss_key *key, const struct loss_count *sum),
		  void *arg)
{
	struct loss_count *values = calloc(l->cpus, sizeof(*values)), sum;
	struct adding adding = { each, arg };
	__u32 zero = 0;
	int err;

	if (!values)
		return -ENOMEM;
	err = batch_each(bpf_map__fd(l->base.skel->maps.losses), sizeof(struct loss_key),
			 sizeof(*values), add_one, &adding);
	if (!err)
		err = bpf_map_lookup_elem(bpf_map__fd(l->base.skel->maps.losses_other), &zero,
					  values);
	if (!err) {
		sum = add_up(values, l->cpus);
		if (sum.buffers)
			each(arg, NULL, &sum);
	}
	free(values);
	return err ? err : recent_losses(l, each, arg);
}

uint32_t loader_losses_max(const struct loader *l)
{
	return bpf_map__max_entries(l->base.skel->maps.losses);
}

/* Whether a CPU has some of this key in its slots. */
static bool is_recent(const struct loader *l, const struct loss_key *key)
{
	__u32 slots = bpf_map__max_entries(l->base.skel->maps.recent_losses);
	struct recent_loss *values = calloc(l->cpus, sizeof(*values));
	bool found = !values;

	for (__u32 slot = 0; slot < slots && !found; slot++) {
		found = read_slot(l, slot, values);
		for (int cpu = 0; cpu < l->cpus && !found; cpu++)
			found = values[cpu].count.buffers &&
				!memcmp(&values[cpu].key, key, sizeof(*key));
	}
	free(values);
	return found;
}

int loader_forget(const struct loader *l, const struct loss_key *key, const struct loss_count *sum)
{
	int fd = bpf_map__fd(l->base.skel->maps.losses);
	struct loss_count now;

	if (is_recent(l, key) || bpf_map_lookup_elem(fd, key, &now) ||
	    memcmp(&now, sum, sizeof(now)))
		return -EBUSY;
	return bpf_map_delete_elem(fd, key) ? -EBUSY : 0;
}

static int set_owner(struct bpf_map *map, const void *key, __u32 id, bool add)
{
	int fd = bpf_map__fd(map);

	return add ? bpf_map_update_elem(fd, key, &id, BPF_ANY) : bpf_map_delete_elem(fd, key);
}

int loader_owner_dev(const struct loader *l, const struct owner_dev *key, uint32_t id, bool add)
{
	return set_owner(l->base.skel->maps.owner_by_dev, key, id, add);
}

int loader_owner_mac(const struct loader *l, uint64_t key, uint32_t id, bool add)
{
	return set_owner(l->base.skel->maps.owner_by_mac, &key, id, add);
}

int loader_owner_addr(const struct loader *l, const struct owner_addr *key, uint32_t id, bool add)
{
	return set_owner(l->base.skel->maps.owner_by_addr, key, id, add);
}

int loader_unwanted(const struct loader *l, bool is_cgroup, uint64_t key, bool add)
{
	const struct bpf_map *map =
		is_cgroup ? l->base.skel->maps.unwanted_cgroups : l->base.skel->maps.unwanted_netns;
	int fd = bpf_map__fd(map);
	__u8 one = 1;

	return add ? bpf_map_update_elem(fd, &key, &one, BPF_ANY) : bpf_map_delete_elem(fd, &key);
}

void loader_owners_changed(const struct loader *l, uint32_t generation)
{
	__atomic_store_n(&l->base.skel->bss->owners_generation, generation, __ATOMIC_RELEASE);
}
