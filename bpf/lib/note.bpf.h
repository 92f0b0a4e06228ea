/* SPDX-License-Identifier: GPL-2.0-only */
/* Why-notes: what a deeper hook knows of a packet, kept until kfree_skb frees that packet. */
#ifndef NOTE_BPF_H
#define NOTE_BPF_H

/*
 * sk_buffs are at least 192 bytes apart: the bits above 6 tell neighbours apart. The verifier allows
 * no arithmetic on a pointer but the difference of two; the slot only has to be the same each time on
 * this CPU.
 */
static __always_inline struct note_slot *note_slot(struct cpu_state *cpu, struct sk_buff *skb)
{
	return &cpu->notes[((__u64)skb - (__u64)cpu) / 64 % NOTE_SLOTS];
}

/* The slot is overwritten if another packet's note is in it: that loss keeps a less specific cause. */
static __always_inline void note_leave(bool direct, struct sk_buff *skb, __u32 note)
{
	struct cpu_state *cpu = this_cpu_state();
	struct note_slot *slot;

	if (!cpu || !skb)
		return;
	slot = note_slot(cpu, skb);
	slot->head = (__u64)LOAD(direct, skb, head);
	slot->note = note;
	slot->skb = (__u64)skb;
	count(cpu, CNT_NOTES);
}

/* The note of this packet, removed; 0 if there is none. */
static __always_inline __u32 note_take(bool direct, struct cpu_state *cpu, struct sk_buff *skb)
{
	struct note_slot *slot = note_slot(cpu, skb);

	if (slot->skb != (__u64)skb)
		return 0;
	slot->skb = 0;
	return slot->head == (__u64)LOAD(direct, skb, head) ? slot->note : 0;
}

#endif
