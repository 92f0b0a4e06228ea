/* SPDX-License-Identifier: GPL-2.0-only */
/* Which members an owner has in JSON: always the same ones. */
#include "sink/json_owner.h"

void json_owner(struct jsonw *w, const char *key, const struct owner *o, uint64_t at_ns)
{
	static const struct {
		uint8_t flag;
		const char *name;
	} flags[] = {
		{ OWNER_AMBIGUOUS, "ambiguous" },
		{ OWNER_CGROUP_MISMATCH, "cgroup-mismatch" },
		{ OWNER_TERMINATED, "terminated" },
		{ OWNER_HOST_NETWORK, "host-network" },
	};

	jsonw_open(w, key, '{');
	jsonw_string(w, "namespace", o->ns);
	jsonw_string(w, "pod", o->pod);
	jsonw_string(w, "uid", o->uid);
	jsonw_string(w, "container", o->container);
	jsonw_string(w, "container_id", o->container_id);
	jsonw_string(w, "unit", o->unit);
	jsonw_string(w, "netns_name", o->netns_name);
	jsonw_string(w, "how", how_name(o->how));
	jsonw_open(w, "flags", '[');
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (o->flags & flags[i].flag &&
		    (flags[i].flag != OWNER_TERMINATED || owner_is_terminated(o, at_ns)))
			jsonw_string(w, NULL, flags[i].name);
	jsonw_close(w, ']');
	if (owner_is_terminated(o, at_ns))
		jsonw_u64(w, "terminated_ms", (at_ns - o->terminated_ns) / 1000000);
	else
		jsonw_null(w, "terminated_ms");
	jsonw_close(w, '}');
}
