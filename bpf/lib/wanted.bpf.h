/* SPDX-License-Identifier: GPL-2.0-only */
/* Which losses cannot be those of the owners asked for. */
#ifndef WANTED_BPF_H
#define WANTED_BPF_H

/*
 * User space tells what is known to belong to others, never what is wanted: so a pod that came a moment
 * ago passes and is judged there. The same order of evidence as in attribute_victim(): a namespace that
 * is a pod's decides; a socket's cgroup does so only where both it and the packet are in the host's.
 */
static __always_inline bool is_unwanted(const struct loss_key *key)
{
	__u64 id = key->netns_cookie;

	if (id && bpf_map_lookup_elem(&unwanted_netns, &id))
		return true;
	id = key->cgroup;
	if (!id || !knobs.host_netns || key->netns != knobs.host_netns ||
	    key->sk_netns != knobs.host_netns)
		return false;
	return bpf_map_lookup_elem(&unwanted_cgroups, &id);
}

#endif
