/* SPDX-License-Identifier: GPL-2.0-only */
/* Owners of counts through the life of pods: what was once known, what is known better, what nobody knows any more. */
#include "build.h"
#include "pods_build.h"
#include "verdicts.h"

#define CG 10

static struct host host;
static struct verdicts *v;

static void setup(void)
{
	host = *build_host();
	cr_assert_eq(pods_new(&host.pods), 0);
	cr_assert_eq(verdicts_new(&v, &host, NULL), 0);
}

static void teardown(void)
{
	verdicts_free(v);
	pods_free(host.pods);
}

TestSuite(verdicts, .init = setup, .fini = teardown);

/* Whose a loss of a socket with this cgroup (0: none) in this namespace is: "pod/container". */
static const char *owner(uint64_t cgroup, uint32_t netns, uint64_t cookie)
{
	static char text[128];
	const struct loss_key key = {
		.cgroup = cgroup, .netns = netns, .sk_netns = netns, .netns_cookie = cookie
	};
	const struct owner *o = &verdicts_get(v, &key)->victim;

	snprintf(text, sizeof(text), "%s/%s%s", o->pod ? o->pod : "-",
		 o->container ? o->container : "-", owner_is_terminated(o, 0) ? " ended" : "");
	return text;
}

static void expire(uint64_t seconds)
{
	pods_expire(host.pods, seconds * SECOND);
}

Test(verdicts, a_pod_that_is_forgotten_keeps_its_counts)
{
	add_pod(host.pods, UID_A, "shop", "web", 100, 1);
	add_container(host.pods, CG, UID_A, ID_A, "app");
	cr_expect_str_eq(owner(CG, 100, 1), "web/app");
	cr_expect_str_eq(owner(0, 100, 1), "web/app");
	pods_end_cgroup(host.pods, CG, SECOND);
	expire(700);
	cr_assert_null(pods_by_uid(host.pods, UID_A));
	cr_expect_str_eq(owner(CG, 100, 1), "web/app ended");
	cr_expect_str_eq(owner(0, 100, 1), "web/app ended");
	/* that nobody asked for in time is nobody's */
	cr_expect_str_eq(owner(CG, 100, 2), "-/-");
}

Test(verdicts, an_ended_pod_has_not_ended_before_its_losses)
{
	const struct loss_key key = { .cgroup = CG, .netns = 100, .sk_netns = 100 };
	const struct owner *o;

	add_container(host.pods, CG, UID_A, ID_A, "app");
	o = &verdicts_get(v, &key)->victim;
	cr_expect_not_null(o->uid);
	pods_end_cgroup(host.pods, CG, SECOND);
	expire(700);
	o = &verdicts_get(v, &key)->victim;
	cr_expect_str_eq(o->uid, UID_A);
	cr_expect_not(owner_is_terminated(o, 500 * SECOND));
}

/* A container that was restarted long ago, in a pod that lives. */
Test(verdicts, a_container_that_is_forgotten_keeps_its_counts)
{
	add_pod(host.pods, UID_A, "shop", "web", 100, 1);
	add_container(host.pods, CG, UID_A, ID_A, "app");
	cr_expect_str_eq(owner(CG, 100, 1), "web/app");
	add_container(host.pods, CG + 1, UID_A, ID_A2, "app2");
	pods_end_cgroup(host.pods, CG, SECOND);
	expire(700);
	cr_assert_null(pods_container(host.pods, ID_A));
	cr_expect_str_eq(owner(CG, 100, 1), "web/app");
}

/* While the index has the pod, it knows better: the namespace was not the pod's. */
Test(verdicts, a_mistake_is_corrected)
{
	struct pod *a = add_pod(host.pods, UID_A, "shop", "web", 100, 1);

	cr_expect_str_eq(owner(0, 100, 1), "web/-");
	cr_assert_eq(pods_set_netns(host.pods, a, 101, 2), 0);
	cr_expect_str_eq(owner(0, 100, 1), "-/-");
	/* and that of another: its socket was handed to it */
	add_container(host.pods, CG, UID_A, ID_A, "app");
	cr_expect_str_eq(owner(CG, 102, 3), "web/app");
	add_pod(host.pods, UID_B, "shop", "db", 102, 3);
	cr_expect_str_eq(owner(CG, 102, 3), "db/-");
}

/* What a sandbox lost before it was made anew is still the pod's. */
Test(verdicts, a_sandbox_made_anew)
{
	add_pod(host.pods, UID_A, "shop", "web", 100, 1);
	add_container(host.pods, CG, UID_A, ID_A, "app");
	cr_expect_str_eq(owner(0, 100, 1), "web/app");
	pods_end_cgroup(host.pods, CG, SECOND);
	add_container(host.pods, CG + 1, UID_A, ID_A2, "app");
	cr_expect_str_eq(owner(0, 100, 1), "web/app", "in between");
	add_pod(host.pods, UID_A, "shop", "web", 101, 2);
	cr_expect_str_eq(owner(0, 100, 1), "web/app");
	cr_expect_str_eq(owner(0, 101, 2), "web/app");
	/* the inode is another's soon, and without its cookie nobody knows */
	cr_expect_str_eq(owner(0, 100, 0), "-/-");
	add_pod(host.pods, UID_B, "shop", "db", 100, 3);
	cr_expect_str_eq(owner(0, 100, 3), "db/-");
	cr_expect_str_eq(owner(0, 100, 1), "web/app");
}

/* A namespace that pods' packets pass goes, and with it what addresses mean there. */
Test(verdicts, what_the_owner_maps_said_stays)
{
	struct pod *a = add_pod(host.pods, UID_A, "shop", "web", 100, 1);
	const struct owner_dev dev = { .netns = 200, .ifindex = 7 };
	const struct loss_key key = { .netns = 200, .owner = OWNER(OWNER_BY_SRC, a->id << 1) };

	cr_expect_null(verdicts_get(v, &key)->victim.uid);
	cr_assert_eq(pods_set_devs(host.pods, a, &dev, 1), 0);
	cr_expect_str_eq(verdicts_get(v, &key)->victim.pod, "web");
	cr_assert_eq(pods_set_devs(host.pods, a, NULL, 0), 0);
	cr_expect_str_eq(verdicts_get(v, &key)->victim.pod, "web");
	cr_expect_eq(verdicts_get(v, &key)->victim.how, HOW_IP_SRC);
}

/* A static pod has its uid for ever: what was forgotten of its life before is not mixed up with the next. */
Test(verdicts, a_pod_that_comes_again)
{
	add_pod(host.pods, UID_A, "shop", "web", 100, 1);
	add_container(host.pods, CG, UID_A, ID_A, "app");
	cr_expect_str_eq(owner(0, 100, 1), "web/app");
	pods_end_cgroup(host.pods, CG, SECOND);
	expire(700);
	add_pod(host.pods, UID_A, "shop", "web", 101, 2);
	add_container(host.pods, CG + 1, UID_A, ID_A2, "app");
	cr_expect_str_eq(owner(0, 100, 1), "web/app ended");
	cr_expect_str_eq(owner(0, 101, 2), "web/app");
}
