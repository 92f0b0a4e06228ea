/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a record holds addresses and names, and by which rule each is replaced. */
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/hash.h"
#include "base/siphash.h"
#include "redact.h"
#include "rules/rules.h"

/* What is numbered, each kind on its own. */
enum named {
	NAMED_NS,
	NAMED_POD,
	NAMED_UID,
	NAMED_CONTAINER,
	NAMED_CONTAINER_ID,
	NAMED_NETNS,
	NAMED_UNIT,
	NAMED_COUNT
};

struct name_key {
	const char *text;
	uint64_t kind;
};

struct redact {
	struct siphash_key key;
	struct intern texts;
	struct hash names; /* the new name by the old one */
	uint32_t counts[NAMED_COUNT];
};

int redact_new(struct redact **out)
{
	struct redact *r = calloc(1, sizeof(*r));

	if (!r)
		return -ENOMEM;
	if (getrandom(&r->key, sizeof(r->key), 0) != sizeof(r->key)) {
		free(r);
		return -errno;
	}
	intern_init(&r->texts);
	hash_init(&r->names, sizeof(struct name_key));
	*out = r;
	return 0;
}

void redact_free(struct redact *r)
{
	if (!r)
		return;
	hash_free(&r->names);
	intern_free(&r->texts);
	free(r);
}

static bool is_special(uint8_t family, const uint8_t *a)
{
	static const uint8_t zeros[15];

	if (family == 4)
		return a[0] == 0 || a[0] == 127 || a[0] >= 224;
	if (a[0] == 0xff) /* the low bytes of a group may be those of an address: RFC 4291 2.7.1 */
		return !memcmp(a + 2, zeros, 12);
	return !memcmp(a, zeros, 15) && a[15] <= 1;
}

void redact_addr(const struct redact *r, uint8_t family, uint8_t *addr)
{
	int size = family == 4 ? 4 : 16, first = family == 4 ? 8 : 16;
	uint8_t prefix[18] = { 0 }, flips[16] = { 0 };

	if ((family != 4 && family != 6) || is_special(family, addr))
		return;
	prefix[17] = family;
	memcpy(prefix, addr, first / 8);
	for (int bit = first; bit < size * 8; bit++) {
		uint8_t mask = 0x80 >> bit % 8;

		prefix[16] = bit;
		flips[bit / 8] |= siphash(&r->key, prefix, sizeof(prefix)) & 1 ? mask : 0;
		prefix[bit / 8] |= addr[bit / 8] & mask;
	}
	for (int i = 0; i < size; i++)
		addr[i] ^= flips[i];
}

/* The same name of the same kind is the same one again; without memory it is nobody. */
static void rename_to(struct redact *r, const char **name, enum named kind)
{
	static const char *const words[NAMED_COUNT] = { "namespace", "pod",   "uid", "container",
							"id",	     "netns", "unit" };
	struct name_key key = { .kind = kind };
	const char *fresh;
	char text[32];
	int len;

	if (!*name)
		return;
	key.text = intern_add(&r->texts, *name, strlen(*name));
	*name = key.text ? hash_get(&r->names, &key) : NULL;
	if (*name || !key.text)
		return;
	len = snprintf(text, sizeof(text), "%s-%u", words[kind], ++r->counts[kind]);
	fresh = intern_add(&r->texts, text, len);
	if (fresh && !hash_put(&r->names, &key, (void *)fresh))
		*name = fresh;
}

void redact_owner(struct redact *r, struct owner *o)
{
	rename_to(r, &o->ns, NAMED_NS);
	rename_to(r, &o->pod, NAMED_POD);
	rename_to(r, &o->uid, NAMED_UID);
	rename_to(r, &o->container, NAMED_CONTAINER);
	rename_to(r, &o->container_id, NAMED_CONTAINER_ID);
	rename_to(r, &o->netns_name, NAMED_NETNS);
	rename_to(r, &o->unit, NAMED_UNIT);
	o->labels = NULL;
}

void redact_rule(struct rule_info *info)
{
	memset(info->text, 0, sizeof(info->text));
	memset(info->comment, 0, sizeof(info->comment));
	memset(info->named, 0, sizeof(info->named));
}

/* Addresses of the evidence, and where the family of each is told. */
#define D(kind, member, address, fam)                                                              \
	{                                                                                          \
		kind, offsetof(union detail, member.address), offsetof(union detail, member.fam)   \
	}
#define TUPLE(kind, member, tuple)                                                                 \
	D(kind, member, tuple.src, family), D(kind, member, tuple.dst, family)

static const struct {
	enum detail_kind kind;
	size_t addr, family;
} addresses[] = {
	D(DETAIL_NEIGH, neigh, next_hop, family),
	D(DETAIL_IPVS, ipvs, virtual_addr, family),
	D(DETAIL_IPVS, ipvs, real_addr, real_family),
	D(DETAIL_IPVS, ipvs, servers[0].addr, servers[0].family),
	D(DETAIL_IPVS, ipvs, servers[1].addr, servers[1].family),
	D(DETAIL_IPVS, ipvs, servers[2].addr, servers[2].family),
	D(DETAIL_IPVS, ipvs, servers[3].addr, servers[3].family),
	D(DETAIL_PORTS, ports, holder_src, holder_family),
	D(DETAIL_PORTS, ports, holder_dst, holder_family),
	TUPLE(DETAIL_CLASH, clash, loser[0]),
	TUPLE(DETAIL_CLASH, clash, loser[1]),
	TUPLE(DETAIL_CLASH, clash, winner[0]),
	TUPLE(DETAIL_CLASH, clash, winner[1]),
	TUPLE(DETAIL_NAT, nat, loser[0]),
	TUPLE(DETAIL_NAT, nat, loser[1]),
	TUPLE(DETAIL_NAT, nat, winner),
	D(DETAIL_NAT, nat, min_addr, family),
	D(DETAIL_NAT, nat, max_addr, family),
};

static void redact_detail(const struct redact *r, struct event *ev)
{
	uint8_t *detail = (uint8_t *)&ev->detail;

	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
		if (addresses[i].kind == ev->detail_kind)
			redact_addr(r, detail[addresses[i].family], detail + addresses[i].addr);
}

/* How much of a transport header stays, and where its checksum is; behind that ICMP may have an address. */
static const struct {
	uint8_t proto, size, sum;
} transports[] = {
	{ IPPROTO_TCP, 20, 16 },  { IPPROTO_UDP, 8, 6 },   { IPPROTO_ICMP, 4, 2 },
	{ IPPROTO_ICMPV6, 4, 2 }, { IPPROTO_SCTP, 12, 8 }, { IPPROTO_UDPLITE, 8, 6 },
};

/* Returns how many bytes from l4 on stay. */
static size_t cut_transport(uint8_t proto, uint8_t *l4, size_t size)
{
	for (size_t i = 0; i < sizeof(transports) / sizeof(transports[0]); i++) {
		if (transports[i].proto != proto)
			continue;
		if (size > transports[i].sum + 1U)
			memset(l4 + transports[i].sum, 0, 2);
		return size < transports[i].size ? size : transports[i].size;
	}
	return 0;
}

/* Returns how many bytes from the network header on stay: none of what is no IP, whole. */
static size_t redact_ip(const struct redact *r, uint8_t *ip, size_t size)
{
	size_t head;

	if (size >= 20 && ip[0] >> 4 == 4) {
		head = (ip[0] & 15) * 4U;
		redact_addr(r, 4, ip + 12);
		redact_addr(r, 4, ip + 16);
		memset(ip + 10, 0, 2);
		if (head < 20 || size < head)
			return 20;
		memset(ip + 20, 1,
		       head - 20); /* options may hold addresses: no operation, RFC 791 */
		/* a later fragment has no transport header */
		if ((ip[6] & 0x1f) << 8 | ip[7])
			return head;
		return head + cut_transport(ip[9], ip + head, size - head);
	}
	if (size >= 40 && ip[0] >> 4 == 6) {
		redact_addr(r, 6, ip + 8);
		redact_addr(r, 6, ip + 24);
		return 40 + cut_transport(ip[6], ip + 40, size - 40);
	}
	return 0;
}

void redact_event(const struct redact *r, struct event *ev)
{
	size_t l3 = ev->l3_offset, kept = 0;

	redact_detail(r, ev);
	if (l3 < ev->snap_size && ev->snap_size <= EVENT_SNAP)
		kept = l3 + redact_ip(r, ev->snap + l3, ev->snap_size - l3);
	/* who made a card, and which one it is, says its address: only whether it is a group's stays */
	for (size_t i = 0; i < l3 && i < 12 && i < kept; i++)
		ev->snap[i] = i % 6 ? 0 : ev->snap[i] & 1;
	memset(ev->snap + kept, 0, EVENT_SNAP - kept);
	ev->snap_size = kept;
	if (ev->l3_offset >= kept)
		ev->l3_offset = 0xffff;
	if (ev->l4_offset >= kept)
		ev->l4_offset = 0xffff;
}
