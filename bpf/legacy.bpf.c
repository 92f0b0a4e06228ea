// SPDX-License-Identifier: GPL-2.0-only
/* iptables' own tables: which entry's counter has moved when a run through a table ends with drop. */
#include "lib/common.bpf.h"

#define ENTRIES		    1024 /* of a table that are looked at */
#define TARGET_VERDICT_DROP (-NF_DROP - 1)
#define HEAD4		    __builtin_offsetof(struct ipt_entry, target_offset)
#define HEAD6		    __builtin_offsetof(struct ip6t_entry, target_offset)
#define NAME_REJECT	    0x005443454a4552ULL /* "REJECT" */

/*
 * A rule's counter is per CPU and goes up before its target is run, with softirqs off. So when a run ends
 * with drop, exactly one entry that can drop has moved on this CPU since the last look: all looks keep
 * what they saw, and the first run through a table on a CPU keeps it before it begins.
 */
struct entry_count {
	__u64 info; /* the table's struct xt_table_info, of this generation: else the memory was reused */
	__u64 packets;
	__u32 generation;
	__u32 pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64); /* address of the counter of this CPU */
	__type(value, struct entry_count);
} entry_counts SEC(".maps");

/* Tables whose counters have been kept, per CPU. */
struct primed_key {
	__u64 info;
	__u32 generation;
	__u32 cpu;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct primed_key);
	__type(value, __u8);
} primed SEC(".maps");

/* A walk through a table. */
struct table_walk {
	__u64 info;
	__u64 entries;
	__u32 size;
	__u32 generation;
	__u16 head;   /* place of struct entry_offsets in an entry of this family */
	__u16 pcnt;   /* and of its struct xt_counters, whose first word is a per-CPU pointer */
	__u32 offset; /* of the entry that comes next */
	__u32 moved;  /* entries that have */
	__u32 found;  /* 1 + offset of the last of them */
	__u32 doubt;  /* some could not be judged */
	__u32 pad;
	__u64 counter; /* of the last that moved */
};

struct cpu_tables {
	struct primed_key last_primed; /* saves the look into the map above */
	__u64 last_info;	       /* and that through the table: the entry that dropped last */
	__u64 last_counter;
	__u32 last_found;
	__u32 busy;   /* the walk below is in use: a softirq came in between */
	__u32 missed; /* and could not look */
	__u32 pad;
	struct table_walk walk;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct cpu_tables);
} cpu_tables SEC(".maps");

__u32 table_generation; /* raised when any table is replaced */

/* Where ipt_entry and ip6t_entry, which begin with what they match, have target_offset and next_offset. */
struct entry_offsets {
	__u16 target_offset;
	__u16 next_offset;
};

/* struct xt_entry_target and, where that is the standard target, the verdict behind it. */
struct target {
	__u64 size;
	__u64 target; /* struct xt_target */
	__u64 pad[2];
	__s32 verdict;
	__u32 pad2;
};

static __always_inline struct cpu_tables *this_cpu_tables(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&cpu_tables, &zero);
}

static __always_inline bool can_drop(const struct target *t)
{
	__u64 name;

	if (t->verdict != TARGET_VERDICT_DROP && (t->verdict < 0 || t->verdict > 15))
		return false;
	name = read_u64(t->target + nf_layout.xt_target_name);
	if ((name & 0xff) == 0)
		return t->verdict == TARGET_VERDICT_DROP;
	return (name & 0xffffffffffffffULL) == NAME_REJECT;
}

/*
 * Look at the counter of an entry and keep what it says. A single packet moves it by one. If it has not been
 * kept before there is nothing to compare with, which is as it should be in a first walk only.
 */
static __always_inline void look_at(struct table_walk *w, __u64 counter, __u32 offset)
{
	struct entry_count *c = bpf_map_lookup_elem(&entry_counts, &counter);
	__u64 packets = read_u64(counter);
	struct entry_count first = {
		.info = w->info,
		.packets = packets,
		.generation = w->generation,
	};

	if (!c || c->info != w->info || c->generation != w->generation) {
		bpf_map_update_elem(&entry_counts, &counter, &first, BPF_ANY);
		w->doubt++;
		return;
	}
	if (c->packets == packets)
		return;
	if (packets - c->packets != 1)
		w->doubt++;
	c->packets = packets;
	w->moved++;
	w->found = offset + 1;
	w->counter = counter;
}

/*
 * One entry of the walk of this CPU; true when that was the last. A global function: the verifier of 5.10
 * looks at it once, not once per entry.
 */
__noinline int table_step(__u32 unused)
{
	struct cpu_tables *cpu = this_cpu_tables();
	struct entry_offsets e = {};
	struct target t = {};
	struct table_walk *w;
	__u64 at, counter;
	__u32 offset;

	if (!cpu)
		return 1;
	w = &cpu->walk;
	offset = w->offset;
	if (offset >= w->size)
		return 1;
	at = w->entries + offset;
	bpf_probe_read_kernel(&e, sizeof(e), (void *)at + w->head);
	w->offset = e.next_offset ? offset + e.next_offset : w->size;
	bpf_probe_read_kernel(&t, sizeof(t), (void *)at + e.target_offset);
	if (!can_drop(&t))
		return 0;
	counter = this_cpu_address((void *)read_u64(at + w->pcnt));
	if (counter)
		look_at(w, counter, offset);
	return 0;
}

/* Begin a walk; false if one is under way on this CPU. */
static __always_inline bool walk_begin(struct cpu_tables *cpu, __u64 table, __u32 head)
{
	struct table_walk *w = &cpu->walk;

	if (cpu->busy) {
		cpu->missed = 1;
		return false;
	}
	cpu->busy = 1;
	__builtin_memset(w, 0, sizeof(*w));
	w->info = read_u64(table + nf_layout.xt_private);
	w->entries = w->info + nf_layout.info_entries;
	w->generation = table_generation;
	w->head = head;
	w->pcnt = head == HEAD4 ? __builtin_offsetof(struct ipt_entry, counters)
				: __builtin_offsetof(struct ip6t_entry, counters);
	w->size = read_u32(w->info + nf_layout.info_size);
	return true;
}

/* Keep what the counters say before the first run through this table on this CPU. */
static __always_inline int table_begin(__u64 table, __u32 head)
{
	struct cpu_tables *cpu = this_cpu_tables();
	struct primed_key key = {};
	__u8 yes = 1;

	if (!cpu || !nf_layout.xt_known)
		return 0;
	key.info = read_u64(table + nf_layout.xt_private);
	key.generation = table_generation;
	if (cpu->last_primed.info == key.info && cpu->last_primed.generation == key.generation)
		return 0;
	key.cpu = bpf_get_smp_processor_id();
	if (!bpf_map_lookup_elem(&primed, &key)) {
		if (!walk_begin(cpu, table, head))
			return 0;
		for (int i = 0; i < ENTRIES; i++)
			if (table_step(0))
				break;
		cpu->busy = 0;
		bpf_map_update_elem(&primed, &key, &yes, BPF_ANY);
	}
	cpu->last_primed = key;
	return 0;
}

/* 1 + offset of the entry that moved, 0 if it is not known; *none: it is known that none did. */
static __always_inline __u32 find_moved(struct cpu_tables *cpu, __u64 table, __u32 head, bool *none)
{
	struct table_walk *w = &cpu->walk;

	if (!walk_begin(cpu, table, head))
		return 0;
	if (cpu->last_info == w->info && cpu->last_counter)
		look_at(w, cpu->last_counter, cpu->last_found - 1);
	if (w->moved != 1 || w->doubt || cpu->missed)
		for (int i = 0; i < ENTRIES; i++)
			if (table_step(0))
				break;
	*none = !w->moved && !w->doubt && !cpu->missed && w->offset >= w->size;
	if (w->moved == 1 && !w->doubt && !cpu->missed) {
		cpu->last_info = w->info;
		cpu->last_counter = w->counter;
		cpu->last_found = w->found;
	} else {
		w->found = 0;
	}
	cpu->missed = 0;
	cpu->busy = 0;
	return w->found;
}

static __always_inline void see_legacy_table(struct detail_nf_rule *d, __u64 table, __u64 state,
					     enum nf_backend backend)
{
	see_hook_state(d, state);
	d->backend = backend;
	d->family = d->pf;
	if (!nf_layout.xt_known || backend == NF_BACKEND_BRIDGE)
		return;
	d->table_id = read_u64(table + nf_layout.xt_private);
	bpf_probe_read_kernel_str(d->table, sizeof(d->table), (void *)table + nf_layout.xt_name);
}

static __always_inline void judge_table(struct detail_nf_rule *d, __u64 table, __u32 head)
{
	struct cpu_tables *cpu = this_cpu_tables();
	__u32 policy;
	bool none = false;

	if (!cpu || !nf_layout.xt_known || d->hook > 4)
		return;
	d->rule = find_moved(cpu, table, head, &none);
	policy = read_u32(d->table_id + nf_layout.info_underflow + d->hook * sizeof(policy));
	if (d->rule)
		d->verdict = d->rule == policy + 1ULL ? NF_BY_POLICY : NF_BY_RULE;
	else if (none)
		d->verdict = NF_BY_MATCH;
}

static __always_inline void leave_table(__u64 table, struct sk_buff *skb, __u64 state,
					enum nf_backend backend, __u32 head)
{
	struct detail_nf_rule *d;
	struct note *n;
	__u32 kind;

	n = note_put(false, skb, NOTE(NOTE_NF_RULE, 0), DETAIL_NF_RULE);
	if (!n)
		return;
	d = &n->detail.nf_rule;
	see_legacy_table(d, table, state, backend);
	see_invalid(n, skb);
	d->verdict = NF_BY_POLICY_OR_RULE;
	if (head)
		judge_table(d, table, head);
	kind = d->verdict == NF_BY_POLICY ? NOTE_NF_POLICY : NOTE_NF_RULE;
	n->note = NOTE(kind, (d->rule ^ d->table_id >> 6) & 0xffffff);
	note_let_go(n);
}

static __always_inline int table_end(__u64 table, struct sk_buff *skb, __u64 state, __u32 verdict,
				     enum nf_backend backend, __u32 head)
{
	if (!is_drop(verdict))
		return 0;
	hold_cpu();
	leave_table(table, skb, state, backend, head);
	let_cpu_go();
	return 0;
}

/* (skb, state, table) before 5.16, (priv = table, skb, state) since 8844e01062dd. */
#define TABLE(a)       (nf_layout.xt_table_first ? (a)[0] : (a)[2])
#define TABLE_SKB(a)   ((void *)(nf_layout.xt_table_first ? (a)[1] : (a)[0]))
#define TABLE_STATE(a) (nf_layout.xt_table_first ? (a)[2] : (a)[1])

/* Barriers, or the compiler chooses between places in the context, which the verifier does not allow. */
#define ARGUMENTS(a, ctx)                                                                          \
	__u64 a[3] = { (ctx)[0], (ctx)[1], (ctx)[2] };                                             \
	barrier_var(a[0]);                                                                         \
	barrier_var(a[1]);                                                                         \
	barrier_var(a[2])

#define TABLE_END(name, function, backend, head)                                                   \
	SEC("?fexit/" #function)                                                                   \
	int name##__fexit(__u64 *ctx)                                                              \
	{                                                                                          \
		ARGUMENTS(a, ctx);                                                                 \
                                                                                                   \
		return table_end(TABLE(a), TABLE_SKB(a), TABLE_STATE(a), ctx[3], backend, head);   \
	}                                                                                          \
	SEC("?kretprobe/" #function)                                                               \
	int name##__kretprobe(struct pt_regs *ctx)                                                 \
	{                                                                                          \
		struct frame f;                                                                    \
                                                                                                   \
		if (!frame_take(ctx, &f))                                                          \
			return 0;                                                                  \
		return table_end(TABLE(f.args), TABLE_SKB(f.args), TABLE_STATE(f.args),            \
				 PT_REGS_RC(ctx), backend, head);                                  \
	}

#define TABLE_BEGIN(name, function, head)                                                          \
	SEC("?fentry/" #function)                                                                  \
	int name##__fentry(__u64 *ctx)                                                             \
	{                                                                                          \
		ARGUMENTS(a, ctx);                                                                 \
                                                                                                   \
		return table_begin(TABLE(a), head);                                                \
	}                                                                                          \
	SEC("?kprobe/" #function)                                                                  \
	int name##__kprobe(struct pt_regs *ctx)                                                    \
	{                                                                                          \
		__u64 a[3] = { PT_REGS_PARM1(ctx), PT_REGS_PARM2(ctx), PT_REGS_PARM3(ctx) };       \
                                                                                                   \
		frame_save(ctx);                                                                   \
		return table_begin(TABLE(a), head);                                                \
	}

TABLE_BEGIN(ipt_table, ipt_do_table, HEAD4)
TABLE_END(ipt_table, ipt_do_table, NF_BACKEND_LEGACY, HEAD4)
TABLE_BEGIN(ip6t_table, ip6t_do_table, HEAD6)
TABLE_END(ip6t_table, ip6t_do_table, NF_BACKEND_LEGACY, HEAD6)

/* Of these only table and hook are told. */
#define TABLE_SAVE(name, function)                                                                 \
	SEC("?kprobe/" #function)                                                                  \
	int name##__kprobe(struct pt_regs *ctx)                                                    \
	{                                                                                          \
		frame_save(ctx);                                                                   \
		return 0;                                                                          \
	}

TABLE_SAVE(arpt_table, arpt_do_table)
TABLE_END(arpt_table, arpt_do_table, NF_BACKEND_ARP, 0)
TABLE_SAVE(ebt_table, ebt_do_table)
TABLE_END(ebt_table, ebt_do_table, NF_BACKEND_BRIDGE, 0)

/* struct xt_table_info *xt_replace_table(...): before the new rules are there. */
static __always_inline int tables_change(void)
{
	__sync_fetch_and_add(&table_generation, 1);
	return 0;
}

SEC("?fentry/xt_replace_table")
int xt_replace__fentry(__u64 *ctx)
{
	return tables_change();
}

SEC("?kprobe/xt_replace_table")
int xt_replace__kprobe(struct pt_regs *ctx)
{
	return tables_change();
}
