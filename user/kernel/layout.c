/* SPDX-License-Identifier: GPL-2.0-only */
/* Which member of which module's structure each offset stands for, and how it is found. */
#include <bpf/btf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kernel/btf_name.h"
#include "kernel/ksyms.h"
#include "kernel/layout.h"

#define UNSET	   0xffff
#define AT(member) offsetof(struct nf_layout, member)

/*
 * The fallback is the layout of 5.10 on a 64-bit machine without lock debugging, the last kernel whose
 * modules have no BTF. Where it is UNSET the member is not needed, or younger.
 */
struct member {
	const char *type, *member;
	size_t to; /* in struct nf_layout */
	__u16 fallback;
};

static const struct member nft_members[] = {
	{ "nft_pktinfo", "state", AT(pkt_state), 32 },
	{ "nft_chain", "table", AT(chain_table), 64 },
	{ "nft_chain", "handle", AT(chain_handle), 72 },
	{ "nft_chain", "name", AT(chain_name), 88 },
	{ "nft_base_chain", "policy", AT(base_policy), 64 },
	{ "nft_base_chain", "chain", AT(base_chain), 80 },
	{ "nft_table", "family", AT(table_family), 236 },
	{ "nft_table", "name", AT(table_name), 240 },
	{ "nft_expr_ops", "size", AT(expr_size), 16 },
	{ "nft_rule_dp_last", "chain", AT(last_chain), UNSET },
	{ 0 },
};

static const struct member xt_members[] = {
	{ "xt_table", "private", AT(xt_private), 24 },
	{ "xt_table", "name", AT(xt_name), 56 },
	{ "xt_table_info", "size", AT(info_size), 0 },
	{ "xt_table_info", "hook_entry", AT(info_hook_entry), 12 },
	{ "xt_table_info", "underflow", AT(info_underflow), 32 },
	{ "xt_table_info", "entries", AT(info_entries), 64 },
	{ "xt_target", "name", AT(xt_target_name), 16 },
	{ 0 },
};

/* Position in bits, -1 if there is no such member. */
static int position(const struct btf *btf, const char *type, const char *name)
{
	int id = btf ? btf__find_by_name_kind(btf, type, BTF_KIND_STRUCT) : -1;
	const struct btf_type *t = id > 0 ? btf__type_by_id(btf, id) : NULL;

	for (int i = 0; t && i < btf_vlen(t); i++)
		if (!strcmp(btf_name(btf, btf_members(t)[i].name_off), name))
			return btf_member_bit_offset(t, i);
	return -1;
}

static void set(struct nf_layout *l, size_t to, __u16 value)
{
	memcpy((char *)l + to, &value, sizeof(value));
}

/* The types of a module are in its own BTF, or in the kernel's if it is built in. */
static const struct btf *open_btf(struct btf **own, const char *module, const struct btf *base)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/kernel/btf/%s", module);
	*own = base && !access(path, R_OK) ? btf__parse_split(path, (struct btf *)base) : NULL;
	return *own ? *own : base;
}

/* Whether all that is needed is known. */
static bool collect(struct nf_layout *l, const struct member *members, const struct btf *btf,
		    const char *known_by)
{
	bool has_btf = position(btf, known_by, members[0].member) >= 0;

	for (const struct member *m = members; m->type; m++) {
		int bits = position(btf, m->type, m->member);

		if (bits >= 0)
			set(l, m->to, bits / 8);
		else if (m->fallback == UNSET)
			set(l, m->to, 0);
		else if (!has_btf && sizeof(void *) == 8)
			set(l, m->to, m->fallback);
		else
			return false;
	}
	return true;
}

static bool collect_nft(struct nf_layout *l, const struct btf *btf)
{
	int handle = position(btf, "nft_rule_dp", "handle");
	int dlen = position(btf, "nft_rule_dp", "dlen");

	/* before 5.17 (2c865a8a28a1) struct nft_rule: handle:42, genmask:2, dlen:12 */
	l->rule_has_last = handle >= 0 && dlen >= 0;
	l->rule_handle = l->rule_has_last ? handle : 0;
	l->rule_dlen = l->rule_has_last ? dlen : 44;
	return collect(l, nft_members, btf, "nft_pktinfo");
}

/* The first parameter is a void * where the table comes first; without BTF, the kernel is older. */
static void collect_arguments(struct nf_layout *l, const struct btf *btf, const char *function)
{
	int id = btf ? btf__find_by_name_kind(btf, function, BTF_KIND_FUNC) : -1;
	const struct btf_type *t;

	if (id <= 0)
		return;
	t = btf__type_by_id(btf, btf__type_by_id(btf, id)->type);
	if (!t || !btf_is_func_proto(t) || !btf_vlen(t))
		return;
	t = btf__type_by_id(btf, btf_params(t)[0].type);
	l->xt_table_first = t && btf_is_ptr(t) && !t->type;
}

static void range(const struct ksyms *syms, const char *name, __u64 *start, __u64 *end)
{
	struct ksym sym;

	*start = *end = 0;
	if (!syms || !ksyms_by_name(syms, name, &sym))
		return;
	*start = sym.start;
	*end = sym.start + sym.size;
}

void layout_collect(struct nf_layout *l, const struct btf *btf, const struct ksyms *syms)
{
	static const char *const tables[][2] = {
		{ "ip_tables", "ipt_do_table" },
		{ "ip6_tables", "ip6t_do_table" },
		{ "arp_tables", "arpt_do_table" },
		{ "ebtables", "ebt_do_table" },
	};
	struct btf *own;

	range(syms, "nf_hook_slow", &l->slow_start, &l->slow_end);
	range(syms, "nft_do_chain", &l->nft_start, &l->nft_end);
	l->nft_known = l->nft_start && collect_nft(l, open_btf(&own, "nf_tables", btf));
	if (l->nft_start)
		btf__free(own);
	l->xt_known = collect(l, xt_members, open_btf(&own, "x_tables", btf), "xt_table_info");
	btf__free(own);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		collect_arguments(l, open_btf(&own, tables[i][0], btf), tables[i][1]);
		btf__free(own);
	}
}
