/* SPDX-License-Identifier: GPL-2.0-only */
/* How a program gets what it works on, and gives it back. */
#ifndef DESK_BPF_H
#define DESK_BPF_H

/*
 * A desk of this CPU, which the program holds, until it is put back. A softirq may run programs in the middle of
 * this one, but they are over before it goes on: so the last taken is the first put back, and plain arithmetic
 * will do.
 */
static __always_inline struct desk *desk_take(struct cpu_state *cpu)
{
	return &cpu->desks[cpu->lent++ % DESKS];
}

static __always_inline void desk_put(struct cpu_state *cpu)
{
	cpu->lent--;
}

/* The same for a program that does not hold its CPU yet. */
static __always_inline struct desk *desk_lend(struct cpu_state *cpu)
{
	hold_cpu();
	return desk_take(cpu);
}

static __always_inline void desk_return(struct cpu_state *cpu)
{
	desk_put(cpu);
	let_cpu_go();
}

/* Evidence, all zero; returned by desk_return(). */
static __always_inline union detail *detail_lend(struct cpu_state *cpu)
{
	union detail *d = &desk_lend(cpu)->detail;

	__builtin_memset(d, 0, sizeof(*d));
	return d;
}

/* All zero but for kind and note. */
static __always_inline struct loss_key *desk_clear(struct desk *desk, enum event_kind kind,
						   __u32 note)
{
	__builtin_memset(&desk->key, 0, sizeof(desk->key));
	__builtin_memset(&desk->head, 0,
			 offsetof(struct desk, detail) - offsetof(struct desk, head));
	desk->flow.family = 0;
	desk->key.kind = kind;
	desk->key.note = note;
	return &desk->key;
}

/* Evidence that must stay where it is until the report is made; NULL with DETAIL_NONE. */
static __always_inline void desk_bring(struct desk *desk, enum detail_kind kind,
				       const union detail *detail)
{
	desk->detail_kind = kind;
	desk->detail_at = (__u64)detail;
}

/* Volatile: else the compiler collects the facts in a register, where the verifier knows which. */
static __always_inline void add_facts(struct loss_key *key, __u32 facts)
{
	*(volatile __u32 *)&key->facts |= facts;
}

#endif
