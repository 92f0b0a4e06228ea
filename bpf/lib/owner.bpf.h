/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose a packet without a socket is, by the maps that user space keeps of its pods. */
#ifndef OWNER_BPF_H
#define OWNER_BPF_H

static __always_inline __u32 owner_of_dev(__u32 netns, __u32 ifindex)
{
	struct owner_dev dev = { .netns = netns, .ifindex = ifindex };
	__u32 *id = ifindex ? bpf_map_lookup_elem(&owner_by_dev, &dev) : NULL;

	return id ? *id : 0;
}

static __always_inline __u32 owner_of_mac(bool direct, const struct seen *s)
{
	__u16 mac = LOAD(direct, s->skb, mac_header);
	__u64 addr = 0;
	__u32 *id;

	if (mac == 0xffff || mac + 14 > s->desk->l3)
		return 0;
	bpf_probe_read_kernel(&addr, 6, (void *)(s->desk->head + mac + 6));
	id = bpf_map_lookup_elem(&owner_by_mac, &addr);
	return id ? *id : 0;
}

static __always_inline __u32 owner_of_addr(const struct seen *s, bool dst)
{
	struct owner_addr addr = { .family = s->desk->flow.family };
	__u32 *id;

	if (s->desk->flow.family == 4)
		__builtin_memcpy(addr.addr, s->desk->flow.bytes + (dst ? 16 : 12), 4);
	else if (s->desk->flow.family == 6)
		__builtin_memcpy(addr.addr, s->desk->flow.bytes + (dst ? 24 : 8), 16);
	else
		return 0;
	id = bpf_map_lookup_elem(&owner_by_addr, &addr);
	if (!id || (!dst && *id & OWNER_ENDED))
		return 0;
	return *id & ~OWNER_ENDED;
}

/* The pod a packet without a socket came from, else the one it was going to; `packet` as with report(). */
static __always_inline void see_owner(bool direct, bool packet, const struct seen *s,
				      struct loss_key *key)
{
	__u32 id;

	if (!owners_known || key->sk_netns)
		return;
	if (packet && (id = owner_of_dev(key->netns, LOAD(direct, s->skb, skb_iif))))
		key->owner = OWNER(OWNER_BY_IIF, id);
	else if (packet && (id = owner_of_mac(direct, s)))
		key->owner = OWNER(OWNER_BY_MAC, id);
	else if ((id = owner_of_addr(s, false)))
		key->owner = OWNER(OWNER_BY_SRC, id);
	else if ((id = owner_of_dev(key->netns, key->ifindex)))
		key->owner = OWNER(OWNER_BY_DEV, id);
	else if ((id = owner_of_addr(s, true)))
		key->owner = OWNER(OWNER_BY_DST, id);
}

#endif
