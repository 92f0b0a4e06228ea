/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose a packet without a socket is, by the maps that user space keeps of its pods. */
#ifndef OWNER_BPF_H
#define OWNER_BPF_H

#define ETH_HLEN 14

/* What an owner is looked up by, in the order of the look-ups. */
struct owner_clues {
	__u32 netns, iif, ifindex;
	__u32 family;
	__u64 mac;
	__u64 addr[4]; /* source and destination as in struct owner_addr */
};

static __always_inline __u32 owner_of_dev(__u32 netns, __u32 ifindex)
{
	struct owner_dev dev = { .netns = netns, .ifindex = ifindex };
	__u32 *id = ifindex ? bpf_map_lookup_elem(&owner_by_dev, &dev) : NULL;

	return id ? *id : 0;
}

static __always_inline __u32 owner_of_mac(__u64 mac)
{
	__u32 *id = mac ? bpf_map_lookup_elem(&owner_by_mac, &mac) : NULL;

	return id ? *id : 0;
}

static __always_inline __u32 owner_of_addr(const __u64 *clue, __u32 family, bool dst)
{
	struct owner_addr addr = { .family = family };
	__u32 *id;

	__builtin_memcpy(addr.addr, clue, sizeof(addr.addr));
	id = family ? bpf_map_lookup_elem(&owner_by_addr, &addr) : NULL;
	if (!id || (!dst && *id & OWNER_ENDED))
		return 0;
	return *id & ~OWNER_ENDED;
}

/* The sender's on the link, first byte lowest; 0 without an Ethernet header. */
static __always_inline __u64 source_mac(bool direct, const struct seen *s)
{
	__u16 header = LOAD(direct, s->skb, mac_header);
	__u64 mac = 0;

	if (header == 0xffff || header + ETH_HLEN > s->desk->l3)
		return 0;
	if (header + ETH_HLEN == s->desk->l3)
		return *(__u64 *)(s->desk->flow.link + LINK_BYTES - 8) & 0xffffffffffffULL;
	bpf_probe_read_kernel(&mac, 6, (void *)(s->desk->head + header + 6));
	return mac;
}

static __always_inline __u32 look_up_owner(const struct owner_clues *c)
{
	__u32 id;

	/* it was in no namespace any more but in the queue of a socket, which is at its end of the way */
	if (!c->netns && (id = owner_of_addr(c->addr + 2, c->family, true)))
		return OWNER(OWNER_BY_DST, id);
	if ((id = owner_of_dev(c->netns, c->iif)))
		return OWNER(OWNER_BY_IIF, id);
	if ((id = owner_of_mac(c->mac)))
		return OWNER(OWNER_BY_MAC, id);
	if ((id = owner_of_addr(c->addr, c->family, false)))
		return OWNER(OWNER_BY_SRC, id);
	if ((id = owner_of_dev(c->netns, c->ifindex)))
		return OWNER(OWNER_BY_DEV, id);
	if ((id = owner_of_addr(c->addr + 2, c->family, true)))
		return OWNER(OWNER_BY_DST, id);
	return 0;
}

/* Whether the owner looked up last is this one's too: a device that decided then decides now. */
static __always_inline bool is_remembered(const struct owner_memo *m, const struct owner_clues *c)
{
	if (m->netns != c->netns || m->iif != c->iif)
		return false;
	if (OWNER_HOW(m->owner) == OWNER_BY_IIF)
		return true;
	return m->mac == c->mac && m->ifindex == c->ifindex && m->family == c->family &&
	       m->addr[0] == c->addr[0] && m->addr[1] == c->addr[1] && m->addr[2] == c->addr[2] &&
	       m->addr[3] == c->addr[3];
}

static __always_inline void remember(struct owner_memo *m, const struct owner_clues *c, __u32 owner,
				     __u32 generation)
{
	m->owner = owner;
	m->netns = c->netns;
	m->iif = c->iif;
	m->ifindex = c->ifindex;
	m->family = c->family;
	m->mac = c->mac;
	__builtin_memcpy(m->addr, c->addr, sizeof(m->addr));
	m->generation = generation;
}

static __always_inline void find_clues(bool direct, bool packet, const struct seen *s,
				       const struct loss_key *key, struct owner_clues *c)
{
	const __u8 *l3 = s->desk->flow.bytes;

	c->netns = key->netns;
	c->ifindex = key->ifindex;
	c->family = s->desk->flow.family;
	if (packet) {
		c->iif = LOAD(direct, s->skb, skb_iif);
		c->mac = source_mac(direct, s);
	}
	if (c->family == 4) {
		__builtin_memcpy(&c->addr[0], l3 + 12, 4);
		__builtin_memcpy(&c->addr[2], l3 + 16, 4);
	} else if (c->family == 6) {
		__builtin_memcpy(&c->addr[0], l3 + 8, 32);
	}
}

/* The pod a packet without a socket came from, else the one it was going to; `packet` as with report(). */
static __always_inline void see_owner(bool direct, bool packet, struct cpu_state *cpu,
				      const struct seen *s, struct loss_key *key)
{
	__u32 generation = *(volatile __u32 *)&owners_generation;
	struct owner_memo *m = &cpu->owner;
	struct owner_clues clues = {};

	if (!generation || key->sk_netns)
		return;
	find_clues(direct, packet, s, key, &clues);
	if (!try_hold(&m->busy)) {
		key->owner = look_up_owner(&clues);
	} else {
		if (m->generation != generation || !is_remembered(m, &clues))
			remember(m, &clues, look_up_owner(&clues), generation);
		key->owner = m->owner;
	}
	let_go(&m->busy);
}

#endif
