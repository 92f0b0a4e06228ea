/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of fields, and how a path of members is looked up in BTF. */
#include <bpf/btf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/dump.h"

enum dumped {
	SK_BUFF,
	SHARED_INFO,
	SOCK,
	DUMPED
};

static const char *const types[DUMPED] = { "sk_buff", "skb_shared_info", "sock" };
static const uint32_t room[DUMPED] = { MORE_SKB_SIZE, MORE_INFO_SIZE, MORE_SK_SIZE };

/* No addresses: neither of the packet nor of the kernel. */
static const struct {
	const char *name, *path; /* path NULL: as the name */
	enum dumped in;
	enum extra_format format;
} fields[] = {
	{ "sk_buff.len", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.data_len", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.truesize", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.users", "users.refs.counter", SK_BUFF, EXTRA_SIGNED },
	{ "sk_buff.mac_header", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.mac_len", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.network_header", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.transport_header", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.inner_mac_header", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.inner_network_header", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.inner_transport_header", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.tail", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.end", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.hdr_len", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.protocol", NULL, SK_BUFF, EXTRA_NETWORK },
	{ "sk_buff.pkt_type", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.ip_summed", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.csum_level", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.csum", NULL, SK_BUFF, EXTRA_HEX },
	{ "sk_buff.csum_valid", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.csum_complete_sw", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.cloned", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.nohdr", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.fclone", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.pfmemalloc", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.encapsulation", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.ignore_df", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.priority", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.mark", NULL, SK_BUFF, EXTRA_HEX },
	{ "sk_buff.hash", NULL, SK_BUFF, EXTRA_HEX },
	{ "sk_buff.vlan_proto", NULL, SK_BUFF, EXTRA_NETWORK },
	{ "sk_buff.vlan_tci", NULL, SK_BUFF, EXTRA_HEX },
	{ "sk_buff.skb_iif", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.queue_mapping", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "sk_buff.napi_id", NULL, SK_BUFF, EXTRA_DECIMAL },
	{ "skb_shared_info.nr_frags", NULL, SHARED_INFO, EXTRA_DECIMAL },
	{ "skb_shared_info.tx_flags", NULL, SHARED_INFO, EXTRA_HEX },
	{ "skb_shared_info.gso_size", NULL, SHARED_INFO, EXTRA_DECIMAL },
	{ "skb_shared_info.gso_segs", NULL, SHARED_INFO, EXTRA_DECIMAL },
	{ "skb_shared_info.gso_type", NULL, SHARED_INFO, EXTRA_HEX },
	{ "skb_shared_info.dataref", "dataref.counter", SHARED_INFO, EXTRA_HEX },
	{ "sock.skc_family", "__sk_common.skc_family", SOCK, EXTRA_DECIMAL },
	{ "sock.skc_state", "__sk_common.skc_state", SOCK, EXTRA_DECIMAL },
	{ "sock.skc_reuse", "__sk_common.skc_reuse", SOCK, EXTRA_DECIMAL },
	{ "sock.skc_reuseport", "__sk_common.skc_reuseport", SOCK, EXTRA_DECIMAL },
	{ "sock.skc_ipv6only", "__sk_common.skc_ipv6only", SOCK, EXTRA_DECIMAL },
	{ "sock.skc_bound_dev_if", "__sk_common.skc_bound_dev_if", SOCK, EXTRA_DECIMAL },
	{ "sock.skc_num", "__sk_common.skc_num", SOCK, EXTRA_DECIMAL },
	{ "sock.skc_flags", "__sk_common.skc_flags", SOCK, EXTRA_HEX },
	{ "sock.skc_refcnt", "__sk_common.skc_refcnt.refs.counter", SOCK, EXTRA_SIGNED },
	{ "sock.sk_type", NULL, SOCK, EXTRA_DECIMAL },
	{ "sock.sk_protocol", NULL, SOCK, EXTRA_DECIMAL },
	{ "sock.sk_lock_owned", "sk_lock.owned", SOCK, EXTRA_DECIMAL },
	{ "sock.sk_shutdown", NULL, SOCK, EXTRA_HEX },
	{ "sock.sk_userlocks", NULL, SOCK, EXTRA_HEX },
	{ "sock.sk_rmem_alloc", "sk_backlog.rmem_alloc.counter", SOCK, EXTRA_SIGNED },
	{ "sock.sk_rcvbuf", NULL, SOCK, EXTRA_SIGNED },
	{ "sock.sk_rcvlowat", NULL, SOCK, EXTRA_SIGNED },
	{ "sock.sk_backlog_len", "sk_backlog.len", SOCK, EXTRA_SIGNED },
	{ "sock.sk_wmem_alloc", "sk_wmem_alloc.refs.counter", SOCK, EXTRA_SIGNED },
	{ "sock.sk_wmem_queued", NULL, SOCK, EXTRA_SIGNED },
	{ "sock.sk_sndbuf", NULL, SOCK, EXTRA_SIGNED },
	{ "sock.sk_omem_alloc", "sk_omem_alloc.counter", SOCK, EXTRA_SIGNED },
	{ "sock.sk_forward_alloc", NULL, SOCK, EXTRA_SIGNED },
	{ "sock.sk_reserved_mem", NULL, SOCK, EXTRA_DECIMAL },
	{ "sock.sk_drops", "sk_drops.counter", SOCK, EXTRA_SIGNED },
	{ "sock.sk_err", NULL, SOCK, EXTRA_SIGNED },
	{ "sock.sk_err_soft", NULL, SOCK, EXTRA_SIGNED },
	{ "sock.sk_ack_backlog", NULL, SOCK, EXTRA_DECIMAL },
	{ "sock.sk_max_ack_backlog", NULL, SOCK, EXTRA_DECIMAL },
	{ "sock.sk_mark", NULL, SOCK, EXTRA_HEX },
	{ "sock.sk_priority", NULL, SOCK, EXTRA_DECIMAL },
	{ "sock.sk_gso_type", NULL, SOCK, EXTRA_HEX },
	{ "sock.sk_gso_max_size", NULL, SOCK, EXTRA_DECIMAL },
	{ "sock.sk_gso_max_segs", NULL, SOCK, EXTRA_DECIMAL },
	{ "sock.sk_pacing_rate", NULL, SOCK, EXTRA_HEX },
};

#define FIELDS (sizeof(fields) / sizeof(fields[0]))
_Static_assert(FIELDS <= EXTRA_VALUES, "all of them fit into an extra");

struct place {
	uint32_t bit, bits; /* bits 0: this kernel has no such field */
};

struct dump {
	struct place places[FIELDS];
	uint32_t sizes[DUMPED]; /* up to the end of the last field */
	uint32_t sk_common;
};

static const struct btf_type *type_of(const struct btf *btf, __u32 id)
{
	const struct btf_type *t = btf__type_by_id(btf, id);

	while (t && (btf_is_mod(t) || btf_is_typedef(t)))
		t = btf__type_by_id(btf, t->type);
	return t;
}

/* The member of this name, also one of an unnamed structure in it; its type, NULL if there is none. */
static const struct btf_type *member(const struct btf *btf, const struct btf_type *t,
				     const char *name, size_t len, struct place *p)
{
	for (int i = 0; i < btf_vlen(t); i++) {
		const struct btf_member *m = &btf_members(t)[i];
		const char *called = btf__name_by_offset(btf, m->name_off);
		const struct btf_type *inner = type_of(btf, m->type);
		struct place at = { p->bit + btf_member_bit_offset(t, i), 0 };

		if (!inner)
			return NULL;
		if (!*called && btf_is_composite(inner)) {
			inner = member(btf, inner, name, len, &at);
		} else if (strncmp(called, name, len) || called[len]) {
			continue;
		} else {
			at.bits = btf_member_bitfield_size(t, i);
			if (!at.bits && !btf_is_composite(inner))
				at.bits = inner->size * 8;
		}
		if (!inner)
			continue;
		*p = at;
		return inner;
	}
	return NULL;
}

/* "a.b.c", by steps. */
static struct place find(const struct btf *btf, const char *type, const char *path)
{
	int id = btf__find_by_name_kind(btf, type, BTF_KIND_STRUCT);
	const struct btf_type *t = id > 0 ? btf__type_by_id(btf, id) : NULL;
	struct place p = { 0, 0 };

	while (t && *path && btf_is_composite(t)) {
		size_t len = strcspn(path, ".");

		t = member(btf, t, path, len, &p);
		path += len + (path[len] == '.');
	}
	if (!t || *path || !(btf_is_int(t) || btf_is_any_enum(t)) || p.bits > 64)
		p.bits = 0;
	return p;
}

static const char *path_of(size_t i)
{
	return fields[i].path ? fields[i].path : strchr(fields[i].name, '.') + 1;
}

int dump_new(struct dump **out, const struct btf *btf)
{
	struct dump *d;
	int id = btf ? btf__find_by_name_kind(btf, "sock_common", BTF_KIND_STRUCT) : -1;

	if (id <= 0)
		return -ENOTSUP;
	d = calloc(1, sizeof(*d));
	if (!d)
		return -ENOMEM;
	d->sk_common = btf__type_by_id(btf, id)->size;
	for (size_t i = 0; i < FIELDS; i++) {
		struct place p = find(btf, types[fields[i].in], path_of(i));
		uint32_t end = ((p.bit + p.bits + 63) / 64) * 8;

		if (!p.bits || end > room[fields[i].in])
			continue;
		d->places[i] = p;
		if (end > d->sizes[fields[i].in])
			d->sizes[fields[i].in] = end;
	}
	*out = d;
	return 0;
}

void dump_free(struct dump *d)
{
	free(d);
}

void dump_knobs(const struct dump *d, struct knobs *k)
{
	k->dump_skb = d->sizes[SK_BUFF];
	k->dump_info = d->sizes[SHARED_INFO];
	k->dump_sk = d->sizes[SOCK];
	k->dump_sk_common = d->sk_common < d->sizes[SOCK] ? d->sk_common : d->sizes[SOCK];
}

/* Of a machine whose lowest byte comes first, as BTF counts the bits. */
static uint64_t value(const uint8_t *data, const struct place *p)
{
	uint64_t v = 0;

	memcpy(&v, data + p->bit / 8, (p->bit % 8 + p->bits + 7) / 8);
	v >>= p->bit % 8;
	return p->bits == 64 ? v : v & ((1ULL << p->bits) - 1);
}

static uint64_t widened(uint64_t v, const struct place *p, enum extra_format format)
{
	if (format == EXTRA_SIGNED && p->bits < 64 && v >> (p->bits - 1))
		return v | ~0ULL << p->bits;
	return format == EXTRA_NETWORK ? (v >> 8 | v << 8) & 0xffff : v;
}

size_t dump_read(const struct dump *d, const struct event_more *m, struct extra_value *out)
{
	const uint8_t *const data[DUMPED] = { m->skb, m->info, m->sk };
	const uint32_t sizes[DUMPED] = { m->skb_size, m->info_size, m->sk_size };
	size_t count = 0;

	for (size_t i = 0; i < FIELDS; i++) {
		const struct place *p = &d->places[i];
		enum dumped in = fields[i].in;

		if (!p->bits || p->bit + p->bits > sizes[in] * 8)
			continue;
		out[count++] = (struct extra_value){
			.name = fields[i].name,
			.value = widened(value(data[in], p), p, fields[i].format),
			.format = fields[i].format,
		};
	}
	return count;
}
