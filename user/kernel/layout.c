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

/* Types to look into, and the last one that was: to find one is a walk over all of them. */
struct types {
	const struct btf *btf; /* NULL: there are none */
	struct btf *own;       /* of a module, to be freed, or NULL */
	const char *name;
	const struct btf_type *last; /* of that name; NULL: there is none */
};

static const struct btf_type *find(struct types *t, const char *name, __u32 kind)
{
	int id = t->btf ? btf__find_by_name_kind(t->btf, name, kind) : -1;

	return id > 0 ? btf__type_by_id(t->btf, id) : NULL;
}

/* Position in bits, -1 if there is no such member. */
static int position(struct types *from, const char *type, const char *name)
{
	const struct btf_type *t;

	if (!from->name || strcmp(from->name, type))
		from->last = find(from, type, BTF_KIND_STRUCT);
	from->name = type;
	t = from->last;
	for (int i = 0; t && i < btf_vlen(t); i++)
		if (!strcmp(btf_name(from->btf, btf_members(t)[i].name_off), name))
			return btf_member_bit_offset(t, i);
	return -1;
}

static void set(struct nf_layout *l, size_t to, __u16 value)
{
	memcpy((char *)l + to, &value, sizeof(value));
}

/* The types of a module are in its own BTF, or in the kernel's if it is built in. */
static struct types open_types(const char *module, const struct btf *base)
{
	struct btf *own = NULL;
	char path[64];

	snprintf(path, sizeof(path), "/sys/kernel/btf/%s", module);
	if (base && !access(path, R_OK))
		own = btf__parse_split(path, (struct btf *)base);
	return (struct types){ .btf = own ? own : base, .own = own };
}

/* Whether all that is needed is known. */
static bool collect(struct nf_layout *l, const struct member *members, struct types *from,
		    const char *known_by)
{
	bool has_btf = position(from, known_by, members[0].member) >= 0;

	for (const struct member *m = members; m->type; m++) {
		int bits = position(from, m->type, m->member);

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

static bool collect_nft(struct nf_layout *l, struct types *from)
{
	int handle = position(from, "nft_rule_dp", "handle");
	int dlen = position(from, "nft_rule_dp", "dlen");

	/* before 5.17 (2c865a8a28a1) struct nft_rule: handle:42, genmask:2, dlen:12 */
	l->rule_has_last = handle >= 0 && dlen >= 0;
	l->rule_handle = l->rule_has_last ? handle : 0;
	l->rule_dlen = l->rule_has_last ? dlen : 44;
	return collect(l, nft_members, from, "nft_pktinfo");
}

/* The first parameter is a void * where the table comes first; without BTF, the kernel is older. */
static void collect_arguments(struct nf_layout *l, struct types *from, const char *function)
{
	const struct btf_type *t = find(from, function, BTF_KIND_FUNC);

	if (!t)
		return;
	t = btf__type_by_id(from->btf, t->type);
	if (!t || !btf_is_func_proto(t) || !btf_vlen(t))
		return;
	t = btf__type_by_id(from->btf, btf_params(t)[0].type);
	l->xt_table_first = t && btf_is_ptr(t) && !t->type;
}

void layout_collect(struct nf_layout *l, const struct btf *btf)
{
	static const char *const tables[][2] = {
		{ "ip_tables", "ipt_do_table" },
		{ "ip6_tables", "ip6t_do_table" },
		{ "arp_tables", "arpt_do_table" },
		{ "ebtables", "ebt_do_table" },
	};
	struct types from = open_types("nf_tables", btf);

	l->nft_known = collect_nft(l, &from);
	btf__free(from.own);
	from = open_types("x_tables", btf);
	l->xt_known = collect(l, xt_members, &from, "xt_table_info");
	btf__free(from.own);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		from = open_types(tables[i][0], btf);
		collect_arguments(l, &from, tables[i][1]);
		btf__free(from.own);
	}
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

void layout_locate(struct nf_layout *l, const struct ksyms *syms)
{
	range(syms, "nf_hook_slow", &l->slow_start, &l->slow_end);
	range(syms, "nft_do_chain", &l->nft_start, &l->nft_end);
	l->nft_known &= l->nft_start != 0;
}
