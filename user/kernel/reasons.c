/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the names of drop reasons are: the enums of include/net/dropreason*.h in BTF. */
#include <bpf/btf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/btf_name.h"
#include "kernel/reasons.h"

#define SUBSYS_MAX 16
#define PREFIX	   "SKB_DROP_REASON_"

/* Reasons of one subsystem: reason >> 16 is its number, 0 the core's (6.4, 071c0fc6fb91). */
struct subsys {
	char **names; /* indexed by reason & 0xffff */
	size_t count;
};

struct reasons {
	struct subsys subsys[SUBSYS_MAX];
};

#define INDEX_MAX 4096 /* of one subsystem's reasons */

static int set_name(struct subsys *s, uint32_t index, const char *name)
{
	char **grown, *copy;

	if (index >= s->count) {
		grown = realloc(s->names, (index + 1) * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		memset(grown + s->count, 0, (index + 1 - s->count) * sizeof(*grown));
		s->names = grown;
		s->count = index + 1;
	}
	copy = strdup(name);
	if (!copy)
		return -ENOMEM;
	free(s->names[index]);
	s->names[index] = copy;
	return 0;
}

/* SKB_DROP_REASON_MAX counts the core reasons, SUBSYS_MASK is a mask; neither is a reason. */
static bool is_marker(const char *name)
{
	return !strcmp(name, PREFIX "MAX") || !strcmp(name, PREFIX "SUBSYS_MASK");
}

static int add_enum(struct reasons *r, const struct btf *btf, const char *enum_name)
{
	int id = btf__find_by_name_kind(btf, enum_name, BTF_KIND_ENUM);
	const struct btf_type *t;
	const struct btf_enum *e;
	int err = 0;

	if (id < 0)
		return 0;
	t = btf__type_by_id(btf, id);
	e = btf_enum(t);
	for (int i = 0; i < btf_vlen(t) && !err; i++) {
		const char *name = btf_name(btf, e[i].name_off);
		uint32_t value = (uint32_t)e[i].val, subsys = value >> 16;

		if (is_marker(name) || subsys >= SUBSYS_MAX || (value & 0xffff) > INDEX_MAX)
			continue;
		err = set_name(&r->subsys[subsys], value & 0xffff, name);
	}
	return err;
}

/* Subsystems' enums; each holds full 32-bit values, so its number need not be known. They are looked
 * for in the modules that define them. */
static const struct {
	const char *enum_name, *module;
} subsystems[] = {
	{ "mac80211_drop_reason", "mac80211" },
	{ "ovs_drop_reason", "openvswitch" },
};

static int add_module_enums(struct reasons *r, const struct btf *vmlinux)
{
	int err = 0;

	for (size_t i = 0; i < sizeof(subsystems) / sizeof(subsystems[0]) && !err; i++) {
		struct btf *btf = btf__load_module_btf(subsystems[i].module, (struct btf *)vmlinux);

		if (btf)
			err = add_enum(r, btf, subsystems[i].enum_name);
		else
			err = add_enum(r, vmlinux, subsystems[i].enum_name);
		btf__free(btf);
	}
	return err;
}

int reasons_new(struct reasons **out, const struct btf *btf)
{
	struct reasons *r = calloc(1, sizeof(*r));
	int err = 0;

	if (!r)
		return -ENOMEM;
	if (btf) {
		err = add_enum(r, btf, "skb_drop_reason");
		if (!err)
			err = add_module_enums(r, btf);
	}
	if (err) {
		reasons_free(r);
		return err;
	}
	*out = r;
	return 0;
}

int reasons_tell(struct reasons *r, uint32_t reason, const char *name)
{
	uint32_t subsys = reason >> 16, index = reason & 0xffff;

	if (subsys >= SUBSYS_MAX || index > INDEX_MAX)
		return -ERANGE;
	if (reasons_full(r, reason))
		return 0;
	return set_name(&r->subsys[subsys], index, name);
}

void reasons_free(struct reasons *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < SUBSYS_MAX; i++) {
		for (size_t j = 0; j < r->subsys[i].count; j++)
			free(r->subsys[i].names[j]);
		free(r->subsys[i].names);
	}
	free(r);
}

const char *reasons_full(const struct reasons *r, uint32_t reason)
{
	uint32_t subsys = reason >> 16, index = reason & 0xffff;

	if (subsys >= SUBSYS_MAX || index >= r->subsys[subsys].count)
		return NULL;
	return r->subsys[subsys].names[index];
}

const char *reasons_short(const struct reasons *r, uint32_t reason)
{
	const char *name = reasons_full(r, reason);
	size_t len = strlen(PREFIX);

	return name && !strncmp(name, PREFIX, len) ? name + len : name;
}

int reasons_number(const struct reasons *r, const char *short_name)
{
	for (size_t i = 0; i < r->subsys[0].count; i++) {
		const char *name = reasons_short(r, i);

		if (name && !strcmp(name, short_name))
			return i;
	}
	return -ENOENT;
}
