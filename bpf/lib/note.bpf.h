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
static __always_inline __u64 mix(__u64 h, __u64 word)
{
	return h * 0x9e3779b97f4a7c15ULL + word;
}

static __always_inline __u64 signature_of(const __u8 *l3)
{
	const __u64 *w = (const __u64 *)l3;
	const __u32 *half = (const __u32 *)l3;

	/* not TTL and checksum, half[2]: forwarding changes them */
	if (l3[0] >> 4 == 4)
		return mix(mix((__u64)half[1] << 32 | half[3], w[2]), (__u64)half[6] << 32);
	return mix(mix(mix(mix(w[1], w[2]), w[3]), w[4]), w[5]);
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

/* What the signatures are made of. */
static __always_inline void read_headers(__u64 *l3, __u64 at)
{
	if (!peek_is_cheap()) {
		bpf_probe_read_kernel(l3, 48, (void *)at);
		return;
	}
	for (int i = 0; i < 6; i++)
		l3[i] = read_u64(at + i * sizeof(__u64));
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

/* Whose notes they are, sk_buffs; 0: nobody's. And the place of each row to be given away where none is free. */
extern __u64 note_owners[NOTE_ROWS * NOTE_PLACES];
extern __u32 note_oldest[NOTE_ROWS];

static __always_inline __u32 note_row(const struct sk_buff *skb)
{
	__u32 at;

	/* the verifier lets nobody calculate with a pointer, but a copy of its lower half is a number */
	asm volatile("%0 = %1" : "=w"(at) : "w"((__u32)(__u64)skb));
	return (at >> 8 ^ at >> 16) % NOTE_ROWS;
}

/* Index of a place of a row. The barrier keeps the bound, which older verifiers have to be told of. */
static __always_inline __u32 note_index(__u32 row, __u32 place)
{
	__u32 at = row * NOTE_PLACES + place % NOTE_PLACES;

	barrier_var(at);
	return at % (NOTE_ROWS * NOTE_PLACES);
}

/* Index of the packet's note, -1 if there is none. Most frees have none: to see that costs a few instructions. */
static __always_inline int note_find(const struct sk_buff *skb)
{
	__u32 row = note_row(skb);

	for (int i = 0; i < NOTE_PLACES; i++)
		if (note_owners[note_index(row, i)] == (__u64)skb)
			return row * NOTE_PLACES + i;
	return -1;
}

static __always_inline void note_set_owner(__u32 at, const struct sk_buff *skb)
{
	note_owners[at % (NOTE_ROWS * NOTE_PLACES)] = (__u64)skb;
}

/* To be followed by note_let_go(). NULL if another program has it in hand. */
static __always_inline struct note *note_hold(__u32 at)
{
	struct note *n = bpf_map_lookup_elem(&notes, &at);

	if (!n || try_hold(&n->busy))
		return n;
	let_go(&n->busy);
	return NULL;
}

static __always_inline void note_let_go(struct note *n)
{
	let_go(&n->busy);
}

/* The one that is held, given back, and forgotten. */
static __always_inline void note_put_back(__u32 at, bool forget)
{
	struct note *n = bpf_map_lookup_elem(&notes, &at);

	if (forget)
		note_set_owner(at, NULL);
	if (n)
		note_let_go(n);
}

/* A free place of the packet's row, looked for from another one on each CPU, held; else the oldest. */
static __always_inline struct note *note_claim(const struct sk_buff *skb)
{
	__u32 row = note_row(skb), at = note_oldest[row], cpu = bpf_get_smp_processor_id();
	struct note *n;

	for (int i = 0; i < NOTE_PLACES; i++)
		if (!note_owners[note_index(row, cpu + i)])
			at = cpu + i;
	at = note_index(row, at);
	n = note_hold(at);
	if (!n) {
		at = note_index(row, at + 1);
		n = note_hold(at);
	}
	if (!n)
		return NULL;
	note_oldest[row] = at + 1;
	note_set_owner(at, skb);
	return n;
}

/* Whether it is about this packet, and not about one that had the same sk_buff. */
static __always_inline bool note_fits(const struct note *n, __u64 head, const __u8 *l3)
{
	/* a packet that is translated may also be given a new buffer (skb_ensure_writable) */
	if (note_is_translatable(n->note))
		return n->signature == loose_signature_of(l3);
	return n->head == head && n->signature == signature_of(l3);
}

/* The packet's note as it is or, if there is none, a place for it; held. NULL if there is a better one. */
static __always_inline struct note *note_take(bool direct, struct sk_buff *skb, struct sock *sk,
					      __u32 note, enum detail_kind detail_kind)
{
	__u64 l3[6] = {};
	__u64 head = (__u64)LOAD(direct, skb, head);
	struct cpu_state *cpu = this_cpu_state();
	int at = note_find(skb);
	struct note *n;

	if (!cpu)
		return NULL;
	n = at < 0 ? note_claim(skb) : note_hold(at);
	if (!n)
		return NULL;
	read_headers(l3, head + LOAD(direct, skb, network_header));
	if (at >= 0 && note_fits(n, head, (__u8 *)l3) && note_yields(note, n->note)) {
		note_let_go(n);
		return NULL;
	}
	n->sk = sk;
	n->signature = note_is_translatable(note) ? loose_signature_of((__u8 *)l3)
						  : signature_of((__u8 *)l3);
	n->note = note;
	n->detail_kind = detail_kind;
	n->head = head;
	count(cpu, CNT_NOTES);
	return n;
}

/* A note whose evidence, all zero, is filled in where it stays; then note_let_go(). */
static __always_inline struct note *note_put(bool direct, struct sk_buff *skb, __u32 note,
					     enum detail_kind detail_kind)
{
	struct note *n = skb ? note_take(direct, skb, NULL, note, detail_kind) : NULL;

	if (n)
		__builtin_memset(&n->detail, 0, sizeof(n->detail));
	return n;
}

/*
 * A packet has one note, the last that was left. `sk` is the receiver's socket if the free follows in
 * the same call chain, which holds it, else NULL: kernels before 6.11 do not tell it at the free.
 */
static __always_inline void note_leave(bool direct, struct sk_buff *skb, struct sock *sk,
				       __u32 note, enum detail_kind detail_kind,
				       const union detail *detail)
{
	struct note *n = skb ? note_take(direct, skb, sk, note, detail_kind) : NULL;

	if (!n)
		return;
	if (detail)
		n->detail = *detail;
	note_let_go(n);
}

/* What was left about this packet in the call chain that is still running; 0: nothing. */
static __always_inline __u32 note_left(bool direct, struct sk_buff *skb)
{
	__u64 l3[6] = {};
	__u64 head = (__u64)LOAD(direct, skb, head);
	int at = note_find(skb);
	struct note *n = at < 0 ? NULL : note_hold(at);
	__u32 note = 0;

	if (!n)
		return 0;
	read_headers(l3, head + LOAD(direct, skb, network_header));
	if (note_fits(n, head, (__u8 *)l3))
		note = n->note;
	note_let_go(n);
	return note;
}

#endif
