/* SPDX-License-Identifier: GPL-2.0-only */
/* Why-notes: what a deeper hook knows of a packet, kept until kfree_skb frees that packet. */
#ifndef NOTE_BPF_H
#define NOTE_BPF_H

/*
 * A note lives as long as its packet can: a neighbour failure frees it seconds later and on another
 * CPU. Should the packet survive after all, its sk_buff comes back as another packet, so a note is
 * only believed if buffer and headers are still the same. The headers are mixed into one word: at
 * most addresses, ports, identification and sequence number, which are not changed between a hook
 * and the free that follows it.
 */
static __always_inline __u64 signature_of(const __u8 *l3)
{
	const __u32 *w = (const __u32 *)l3;
	__u64 h = 0;

	if (l3[0] >> 4 == 4) {
		/* not TTL and checksum, w[2]: forwarding changes them */
		h = w[1];
		h = h * 0x9e3779b97f4a7c15ULL + w[3];
		h = h * 0x9e3779b97f4a7c15ULL + w[4];
		h = h * 0x9e3779b97f4a7c15ULL + w[5];
		return h * 0x9e3779b97f4a7c15ULL + w[6];
	}
	for (int i = 2; i < 12; i++)
		h = h * 0x9e3779b97f4a7c15ULL + w[i];
	return h;
}

/*
 * The same for a packet that may be translated between the hook and the free: what NAT leaves alone, the
 * IPv4 identification or the IPv6 flow label, and TCP's sequence number.
 */
static __always_inline __u64 loose_signature_of(const __u8 *l3)
{
	const __u32 *w = (const __u32 *)l3;

	if (l3[0] >> 4 == 4)
		return (__u64)w[1] << 32 | (l3[9] == IPPROTO_TCP ? w[6] : l3[9]);
	return (__u64)w[0] << 32 | (l3[6] == IPPROTO_TCP ? w[11] : l3[6]);
}

/* A note that tells less than any other: it does not take another one's place. */
static __always_inline bool note_is_vague(__u32 note)
{
	return NOTE_KIND(note) == NOTE_ICMP || NOTE_KIND(note) == NOTE_ICMP6 ||
	       NOTE_KIND(note) == NOTE_NO_SOCKET || NOTE_KIND(note) == NOTE_IPVS_FORWARDED;
}

/* Whether a new note leaves an old one alone: where a packet died tells less than why it went there. */
static __always_inline bool note_yields(__u32 note, __u32 old)
{
	/* of queueing disciplines the leaf comes first, and the root last */
	return note_is_vague(note) ||
	       (NOTE_KIND(note) == NOTE_QDISC && NOTE_KIND(old) == NOTE_QDISC) ||
	       (NOTE_KIND(note) == NOTE_NEIGH && NOTE_KIND(old) == NOTE_IPVS_FORWARDED);
}

static __always_inline bool note_is_translatable(__u32 note)
{
	return NOTE_KIND(note) == NOTE_IPVS_FORWARDED;
}

#define NOTE_MARKS 1024

/*
 * When a note was last left about an sk_buff whose address falls here, in units of 8 seconds, plus 1. Most
 * frees have no note: to see that here costs a few instructions, in the map a hundred.
 */
extern __u32 note_marks[NOTE_MARKS];

#define NOTE_TIME() ((__u32)(bpf_ktime_get_ns() >> 33) + 1)
#define NOTE_LIFE   8 /* a packet may wait for a minute in a slow queue */

static __always_inline __u32 *note_mark(struct sk_buff *skb)
{
	__u32 at;

	/* the verifier lets nobody calculate with a pointer, but a copy of its lower half is a number */
	asm volatile("%0 = %1" : "=w"(at) : "w"((__u32)(__u64)skb));
	return &note_marks[(at >> 6 ^ at >> 16) % NOTE_MARKS];
}

static __always_inline bool note_is_possible(struct sk_buff *skb)
{
	__u32 mark = *note_mark(skb);

	return mark && NOTE_TIME() - mark <= NOTE_LIFE;
}

/* The note of this packet, NULL if there is none. The caller removes it when it has been used. */
static __always_inline struct note *note_of(struct sk_buff *skb, __u64 head, const __u8 *l3)
{
	__u64 key = (__u64)skb;
	struct note *n = bpf_map_lookup_elem(&notes, &key);

	if (!n)
		return NULL;
	/* a packet that is translated may also be given a new buffer (skb_ensure_writable) */
	if (note_is_translatable(n->note))
		return n->signature == loose_signature_of(l3) ? n : NULL;
	if (n->head != head || n->signature != signature_of(l3))
		return NULL;
	return n;
}

/* What a note begins as: too large for the stack of a program that has evidence there. */
static const volatile struct note empty_note;

/*
 * A packet has one note, the last that was left. `sk` is the receiver's socket if the free follows in
 * the same call chain, which holds it, else NULL: kernels before 6.11 do not tell it at the free.
 * Returns the note, or NULL if there is no room or a better one.
 */
static __always_inline struct note *note_leave(bool direct, struct sk_buff *skb, struct sock *sk,
					       __u32 note, enum detail_kind detail_kind,
					       const union detail *detail)
{
	__u8 l3[48] __attribute__((aligned(8))) = {};
	struct cpu_state *cpu = this_cpu_state();
	__u64 key = (__u64)skb, head;
	struct note *n;

	if (!cpu || !skb)
		return NULL;
	head = (__u64)LOAD(direct, skb, head);
	bpf_probe_read_kernel(l3, sizeof(l3), (void *)(head + LOAD(direct, skb, network_header)));
	n = note_of(skb, head, l3);
	if (n && note_yields(note, n->note))
		return NULL;
	bpf_map_update_elem(&notes, &key, (const void *)&empty_note, BPF_ANY);
	n = bpf_map_lookup_elem(&notes, &key);
	if (!n)
		return NULL;
	n->sk = sk;
	n->signature = note_is_translatable(note) ? loose_signature_of(l3) : signature_of(l3);
	n->note = note;
	n->detail_kind = detail_kind;
	if (detail)
		n->detail = *detail;
	n->head = head;
	*note_mark(skb) = NOTE_TIME();
	count(cpu, CNT_NOTES);
	return n;
}

/* The same where the evidence is filled in where it stays. */
static __always_inline struct note *note_put(bool direct, struct sk_buff *skb, __u32 note,
					     enum detail_kind detail_kind)
{
	return note_leave(direct, skb, NULL, note, detail_kind, NULL);
}

/* What was left about this packet in the call chain that is still running; 0: nothing. */
static __always_inline __u32 note_left(bool direct, struct sk_buff *skb)
{
	__u8 l3[48] __attribute__((aligned(8))) = {};
	__u64 head = (__u64)LOAD(direct, skb, head);
	struct note *n;

	bpf_probe_read_kernel(l3, sizeof(l3), (void *)(head + LOAD(direct, skb, network_header)));
	n = note_of(skb, head, l3);
	return n ? n->note : 0;
}

static __always_inline void note_remove(struct sk_buff *skb)
{
	__u64 key = (__u64)skb;

	bpf_map_delete_elem(&notes, &key);
}

#endif
