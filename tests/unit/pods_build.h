/* SPDX-License-Identifier: GPL-2.0-only */
/* Builders of pods for the tests of the index and of attribution. */
#ifndef PODS_BUILD_H
#define PODS_BUILD_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "attribute/pods.h"

#define UID_A "aaaaaaaa-0000-4000-8000-000000000001"
#define UID_B "bbbbbbbb-0000-4000-8000-000000000002"
#define UID_C "cccccccc-0000-4000-8000-000000000003"
#define ID_A  "a000000000000000000000000000000000000000000000000000000000000001"
#define ID_A2 "a000000000000000000000000000000000000000000000000000000000000002"
#define ID_B  "b000000000000000000000000000000000000000000000000000000000000001"

#define SECOND 1000000000ULL

static inline void add_cgroup(struct pods *p, uint64_t id, const char *path)
{
	struct cgroup_path parsed;

	cgroup_path_parse(&parsed, path, strlen(path));
	cr_assert_eq(pods_add_cgroup(p, id, &parsed), 0);
}

static inline struct pod *add_pod(struct pods *p, const char *uid, const char *ns, const char *name,
				  uint32_t netns, uint64_t cookie)
{
	struct pod *pod;

	cr_assert_eq(pods_add(p, uid, &pod), 0);
	cr_assert_eq(pods_set_name(p, pod, ns, name), 0);
	cr_assert_eq(pods_set_netns(p, pod, netns, cookie), 0);
	return pod;
}

static inline void add_container(struct pods *p, uint64_t cgroup, const char *uid, const char *id,
				 const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "/kubepods/burstable/pod%s/%s", uid, id);
	add_cgroup(p, cgroup, path);
	if (name)
		cr_assert_eq(pods_set_container(p, id, name, !strcmp(name, "POD")), 0);
}

static inline struct owner_addr addr4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	return (struct owner_addr){ .addr = { a, b, c, d }, .family = 4 };
}

static inline void set_addr(struct pods *p, struct pod *pod, struct owner_addr a, uint64_t now_ns)
{
	cr_assert_eq(pods_set_addrs(p, pod, &a, 1, now_ns), 0);
}

#endif
