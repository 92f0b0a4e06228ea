/* SPDX-License-Identifier: GPL-2.0-only */
/* The pod index through the life of pods: reuse of inodes and addresses, ends, what is remembered. */
#include <malloc.h>
#include <stdlib.h>

#ifdef __SANITIZE_ADDRESS__
/* sanitizer/allocator_interface.h, which gcc does not bring along */
size_t __sanitizer_get_current_allocated_bytes(void);
#endif

#include "attribute/graves.h"
#include "pods_build.h"

static struct pods *p;

static void setup(void)
{
	cr_assert_eq(pods_new(&p), 0);
}

static void teardown(void)
{
	pods_free(p);
}

TestSuite(pods, .init = setup, .fini = teardown);

Test(pods, texts_are_kept_and_shared)
{
	struct pod *a = add_pod(p, UID_A, "shop", "web-1", 100, 1);
	struct pod *b = add_pod(p, UID_B, "shop", "web-2", 101, 2);

	cr_expect_eq(a->ns, b->ns);
	cr_expect_eq(pods_by_uid(p, UID_A), a);
	cr_expect_null(pods_by_uid(p, UID_C));
	cr_expect_neq(a->id, b->id);
}

Test(pods, generation_moves_only_with_the_answers)
{
	struct pod *a = add_pod(p, UID_A, "shop", "web", 100, 1);
	uint32_t generation;

	add_container(p, 10, UID_A, ID_A, "app");
	set_addr(p, a, addr4(10, 0, 0, 1), SECOND);
	generation = pods_generation(p);
	add_pod(p, UID_A, "shop", "web", 100, 1);
	add_container(p, 10, UID_A, ID_A, "app");
	set_addr(p, a, addr4(10, 0, 0, 1), SECOND);
	cr_expect_eq(pods_generation(p), generation, "told what is known");
	set_addr(p, a, addr4(10, 0, 0, 2), SECOND);
	cr_expect_neq(pods_generation(p), generation);
	generation = pods_generation(p);
	pods_set_name(p, a, "shop", "other");
	cr_expect_neq(pods_generation(p), generation);
	generation = pods_generation(p);
	pods_remove(p, a, SECOND);
	cr_expect_neq(pods_generation(p), generation);
}

Test(pods, cgroup_tells_pod_and_container)
{
	struct pods_cgroup cg;

	add_container(p, 10, UID_A, ID_A, "app");
	add_cgroup(p, 11, "/system.slice/kubelet.service");
	add_cgroup(p, 1, "/");
	cr_assert(pods_by_cgroup(p, 10, &cg));
	cr_expect_str_eq(cg.pod->uid, UID_A);
	cr_expect_str_eq(cg.container->id, ID_A);
	cr_expect_str_eq(cg.container->name, "app");
	cr_assert(pods_by_cgroup(p, 11, &cg));
	cr_expect_null(cg.pod);
	cr_expect_str_eq(cg.unit, "system.slice/kubelet.service");
	cr_assert(pods_by_cgroup(p, 1, &cg));
	cr_expect_null(cg.unit);
	cr_expect_not(pods_by_cgroup(p, 12, &cg));
}

Test(pods, container_adopted_where_the_path_has_no_pod)
{
	struct pods_cgroup cg;
	struct pod *a;

	add_cgroup(p, 10, "/system.slice/cri-containerd-" ID_A ".scope");
	a = add_pod(p, UID_A, "shop", "web", 100, 1);
	pods_adopt(p, a, ID_A);
	cr_assert(pods_by_cgroup(p, 10, &cg));
	cr_expect_eq(cg.pod, a);
	pods_remove(p, a, SECOND);
	pods_expire(p, SECOND + GRAVES_REMEMBER_NS);
	cr_assert(pods_by_cgroup(p, 10, &cg));
	cr_expect_null(cg.pod);
	cr_expect_not_null(cg.container);
}

Test(pods, only_container)
{
	struct pod *a = add_pod(p, UID_A, "shop", "web", 100, 1);

	cr_expect_null(pods_only_container(a));
	add_container(p, 10, UID_A, ID_B, "POD");
	add_container(p, 11, UID_A, ID_A, "app");
	cr_assert_not_null(pods_only_container(a));
	cr_expect_str_eq(pods_only_container(a)->name, "app");
	add_container(p, 12, UID_A, ID_A2, NULL);
	cr_expect_null(pods_only_container(a), "the third may be anything");
	pods_set_container(p, ID_A2, "proxy", false);
	cr_expect_null(pods_only_container(a), "there are two");
}

Test(pods, restarted_container_is_the_only_one_again)
{
	struct pod *a = add_pod(p, UID_A, "shop", "web", 100, 1);

	add_container(p, 11, UID_A, ID_A, "app");
	pods_scan_begin(p);
	add_container(p, 12, UID_A, ID_A2, "app");
	pods_scan_end(p, SECOND);
	cr_assert_not_null(pods_only_container(a));
	cr_expect_str_eq(pods_only_container(a)->id, ID_A2);
}

Test(pods, netns_inode_used_again_with_another_cookie)
{
	struct pod *a = add_pod(p, UID_A, "shop", "old", 100, 1), *b;

	pods_remove(p, a, SECOND);
	b = add_pod(p, UID_B, "shop", "new", 100, 2);
	cr_expect_eq(pods_by_netns(p, 100, 2), b);
	cr_expect_eq(pods_by_netns(p, 100, 1), a, "what still comes from the old one");
	cr_expect_eq(pods_by_netns(p, 100, 0), b, "without a cookie the living one");
	cr_expect_null(pods_by_netns(p, 100, 3), "and nobody's if neither");
}

Test(pods, netns_of_an_ended_pod_needs_its_cookie)
{
	struct pod *a = add_pod(p, UID_A, "shop", "web", 100, 1);
	struct pod *b = add_pod(p, UID_B, "shop", "old-kernel", 101, 0);

	cr_expect_eq(pods_by_netns(p, 101, 0), b);
	cr_expect_eq(pods_by_netns(p, 101, 7), b, "the cookie is not known to the index");
	pods_remove(p, a, SECOND);
	pods_remove(p, b, SECOND);
	cr_expect_eq(pods_by_netns(p, 100, 1), a);
	cr_expect_null(pods_by_netns(p, 100, 0));
	cr_expect_null(pods_by_netns(p, 101, 0));
	cr_expect_null(pods_by_netns(p, 101, 7));
}

Test(pods, a_living_pod_keeps_its_netns)
{
	struct pod *a = add_pod(p, UID_A, "shop", "web", 100, 1);
	struct pod *b = add_pod(p, UID_B, "kube-system", "agent", 100, 1);

	cr_expect_eq(pods_by_netns(p, 100, 1), a);
	cr_expect_eq(b->netns, 0);
}

Test(pods, pod_moves_to_another_netns)
{
	struct pod *a = add_pod(p, UID_A, "shop", "web", 100, 1);

	pods_set_netns(p, a, 105, 5);
	cr_expect_eq(pods_by_netns(p, 105, 5), a);
	cr_expect_null(pods_by_netns(p, 100, 1));
	cr_expect_eq(a->netns, 105);
	pods_set_netns(p, a, 0, 0);
	cr_expect(a->host_network);
	cr_expect_null(pods_by_netns(p, 105, 5));
}

/* A pod whose sandbox is made anew again and again: the last ones are known, and going back to one is no move. */
Test(pods, old_homes)
{
	struct pod *a = add_pod(p, UID_A, "shop", "web", 100, 1);

	for (uint32_t i = 1; i <= 280; i++) {
		add_container(p, 10 + i, UID_A, ID_A, "app");
		pods_set_netns(p, a, 100 + i, 1 + i);
		pods_end_cgroup(p, 10 + i, i * SECOND / 10);
	}
	add_container(p, 1000, UID_A, ID_A, "app");
	cr_expect_eq(pods_by_netns(p, 380, 281), a);
	cr_expect_eq(pods_by_netns(p, 126, 27), a);
	cr_expect_null(pods_by_netns(p, 110, 11));
	cr_expect_null(pods_by_netns(p, 380, 0));
	pods_set_netns(p, a, 380, 281);
	cr_expect_eq(pods_by_netns(p, 380, 0), a);
	cr_expect_eq(a->netns, 380);
	/* another has it: it was never the pod's */
	add_pod(p, UID_B, "shop", "db", 126, 27);
	cr_expect_str_eq(pods_by_netns(p, 126, 27)->name, "db");
	cr_expect_eq(pods_by_netns(p, 127, 28), a);
	pods_end_cgroup(p, 1000, 50 * SECOND);
	pods_expire(p, 700 * SECOND);
	cr_expect_null(pods_by_netns(p, 127, 28));
}

Test(pods, named_netns)
{
	struct pod *a;

	pods_scan_begin(p);
	pods_set_netns_name(p, 200, 9, "blue");
	pods_set_netns_name(p, 201, 0, "cni-1");
	pods_scan_end(p, SECOND);
	cr_expect_str_eq(pods_netns_name(p, 200, 9), "blue");
	cr_expect_str_eq(pods_netns_name(p, 200, 0), "blue");
	cr_expect_null(pods_netns_name(p, 200, 8));
	cr_expect_null(pods_by_netns(p, 200, 9));
	cr_expect(pods_knows_netns(p, 200, 9));
	a = add_pod(p, UID_A, "shop", "web", 201, 4);
	cr_expect_eq(pods_by_netns(p, 201, 4), a);
	cr_expect_str_eq(pods_netns_name(p, 201, 4), "cni-1");
	pods_scan_begin(p);
	pods_add(p, UID_A, &a);
	pods_scan_end(p, SECOND);
	cr_expect_not(pods_knows_netns(p, 200, 9), "the name is gone");
	cr_expect_null(pods_netns_name(p, 201, 4));
	cr_expect_eq(pods_by_netns(p, 201, 4), a);
}

static const struct pod *by_addr(struct owner_addr a, uint64_t time_ns, bool *ambiguous)
{
	return pods_by_addr(p, a.family, a.addr, time_ns, ambiguous);
}

Test(pods, address_moves_from_one_pod_to_another)
{
	struct pod *a = add_pod(p, UID_A, "shop", "old", 100, 1);
	struct pod *b = add_pod(p, UID_B, "shop", "new", 101, 2);
	struct owner_addr addr = addr4(10, 0, 0, 1);
	bool ambiguous;

	set_addr(p, a, addr, 10 * SECOND);
	cr_expect_eq(by_addr(addr, 11 * SECOND, &ambiguous), a);
	cr_expect_not(ambiguous);
	pods_remove(p, a, 20 * SECOND);
	cr_expect_eq(by_addr(addr, 20 * SECOND, &ambiguous), a, "still nobody else's");
	set_addr(p, b, addr, 20 * SECOND);
	cr_expect_eq(by_addr(addr, 21 * SECOND, &ambiguous), b);
	cr_expect(ambiguous, "just changed hands");
	cr_expect_eq(by_addr(addr, 23 * SECOND, &ambiguous), b);
	cr_expect_not(ambiguous);
}

/* A loss is judged later than it happened: what held the address then counts, not what does now. */
Test(pods, address_at_the_time_of_the_loss)
{
	struct pod *a = add_pod(p, UID_A, "shop", "old", 100, 1);
	struct pod *b = add_pod(p, UID_B, "shop", "new", 101, 2);
	struct owner_addr addr = addr4(10, 0, 0, 1);
	bool ambiguous;

	set_addr(p, a, addr, 10 * SECOND);
	cr_expect_null(by_addr(addr, 5 * SECOND, &ambiguous), "long before");
	cr_expect_eq(by_addr(addr, 9 * SECOND, &ambiguous), a, "learned of a little late");
	pods_remove(p, a, 20 * SECOND);
	set_addr(p, b, addr, 25 * SECOND);
	cr_expect_eq(by_addr(addr, 15 * SECOND, &ambiguous), a);
	cr_expect_not(ambiguous);
	cr_expect_eq(by_addr(addr, 19 * SECOND + SECOND / 2, &ambiguous), a);
	cr_expect_not(ambiguous, "the other came much later");
	cr_expect_eq(by_addr(addr, 21 * SECOND, &ambiguous), a, "sent to one that is gone");
	cr_expect_eq(by_addr(addr, 24 * SECOND, &ambiguous), b, "learned of a little late");
	cr_expect_eq(by_addr(addr, 26 * SECOND, &ambiguous), b);
	cr_expect_not(ambiguous, "the end was more than 2 s ago");
	cr_expect_eq(by_addr(addr, 0, &ambiguous), b);
}

Test(pods, address_in_the_moment_of_the_change)
{
	struct pod *a = add_pod(p, UID_A, "shop", "old", 100, 1);
	struct pod *b = add_pod(p, UID_B, "shop", "new", 101, 2);
	struct owner_addr addr = addr4(10, 0, 0, 1);
	bool ambiguous;

	set_addr(p, a, addr, 10 * SECOND);
	pods_remove(p, a, 20 * SECOND);
	set_addr(p, b, addr, 20 * SECOND + SECOND / 10);
	cr_expect_eq(by_addr(addr, 20 * SECOND - SECOND / 10, &ambiguous), a);
	cr_expect(ambiguous);
	cr_expect_eq(by_addr(addr, 20 * SECOND + SECOND / 20, &ambiguous), b);
	cr_expect(ambiguous);
	cr_expect_eq(by_addr(addr, 21 * SECOND, &ambiguous), b);
	cr_expect(ambiguous);
}

Test(pods, address_of_an_ended_pod_while_others_are_in_the_making)
{
	struct pod *a = add_pod(p, UID_A, "shop", "old", 100, 1);
	struct owner_addr addr = addr4(10, 0, 0, 1);
	uint32_t generation;
	bool ambiguous;

	set_addr(p, a, addr, SECOND);
	pods_doubt_ended(p, true);
	cr_expect_eq(by_addr(addr, 2 * SECOND, &ambiguous), a, "it lives");
	pods_remove(p, a, 2 * SECOND);
	cr_expect_null(by_addr(addr, 3 * SECOND, &ambiguous));
	cr_expect_eq(by_addr(addr, 2 * SECOND - 1, &ambiguous), a, "it lived then");
	generation = pods_owners_generation(p);
	pods_doubt_ended(p, false);
	cr_expect_neq(pods_owners_generation(p), generation);
	cr_expect_eq(by_addr(addr, 3 * SECOND, &ambiguous), a);
}

Test(pods, device_of_a_living_pod)
{
	struct pod *a = add_pod(p, UID_A, "shop", "web", 100, 1);
	struct owner_dev dev[] = { { .netns = 4, .ifindex = 17 }, { .netns = 4, .ifindex = 18 } };

	pods_set_devs(p, a, dev, 2);
	cr_expect_eq(pods_by_dev(p, 4, 18), a);
	cr_expect_null(pods_by_dev(p, 5, 18));
	cr_expect_null(pods_by_dev(p, 0, 0));
	cr_expect(pods_is_place(p, 4));
	pods_set_devs(p, a, dev, 1);
	cr_expect_null(pods_by_dev(p, 4, 18));
	cr_expect(pods_is_place(p, 4), "one is left");
	pods_remove(p, a, SECOND);
	cr_expect_null(pods_by_dev(p, 4, 17));
	cr_expect_not(pods_is_place(p, 4));
}

Test(pods, ends_with_its_last_container)
{
	struct pod *a;

	add_cgroup(p, 9, "/kubepods/burstable/pod" UID_A);
	a = pods_by_uid(p, UID_A);
	add_container(p, 10, UID_A, ID_B, "POD");
	add_container(p, 11, UID_A, ID_A, "app");
	add_cgroup(p, 12, "/kubepods/burstable/pod" UID_A "/" ID_A "/deeper");
	pods_end_cgroup(p, 12, SECOND);
	pods_end_cgroup(p, 11, 2 * SECOND);
	cr_expect_not(a->terminated, "its sandbox is there");
	pods_end_cgroup(p, 10, 3 * SECOND);
	cr_expect(a->terminated, "though its own directory is there");
	cr_expect_eq(a->terminated_ns, 3 * SECOND);
	pods_end_cgroup(p, 10, 4 * SECOND);
	cr_expect_eq(a->terminated_ns, 3 * SECOND, "told twice");
	pods_scan_begin(p);
	pods_touch_cgroup(p, 9);
	pods_scan_end(p, 5 * SECOND);
	cr_expect(a->terminated, "a scan does not bring it back");
	add_container(p, 13, UID_A, ID_A2, "POD");
	cr_expect_not(a->terminated, "a new sandbox does");
	pods_end_cgroup(p, 99, SECOND);
}

Test(pods, that_never_had_a_container_ends_with_its_directory)
{
	struct pod *a;

	add_cgroup(p, 9, "/kubepods/burstable/pod" UID_A);
	a = pods_by_uid(p, UID_A);
	cr_expect_not(a->terminated);
	pods_end_cgroup(p, 9, SECOND);
	cr_expect(a->terminated);
}

Test(pods, address_given_up_by_a_living_pod_is_nobodys)
{
	struct pod *a = add_pod(p, UID_A, "shop", "web", 100, 1);
	bool ambiguous;

	set_addr(p, a, addr4(10, 0, 0, 1), SECOND);
	set_addr(p, a, addr4(10, 0, 0, 2), SECOND);
	cr_expect_null(by_addr(addr4(10, 0, 0, 1), 0, &ambiguous));
	cr_expect_eq(by_addr(addr4(10, 0, 0, 2), 0, &ambiguous), a);
	set_addr(p, a, addr4(10, 0, 0, 1), 9 * SECOND);
	cr_expect_eq(by_addr(addr4(10, 0, 0, 1), 0, &ambiguous), a);
}

Test(pods, address_of_an_ended_pod_is_soon_nobodys)
{
	struct pod *a = add_pod(p, UID_A, "shop", "web", 100, 1);
	bool ambiguous;

	set_addr(p, a, addr4(10, 0, 0, 1), SECOND);
	pods_remove(p, a, SECOND);
	pods_expire(p, SECOND + PODS_ADDR_LINGER_NS - 1);
	cr_expect_eq(by_addr(addr4(10, 0, 0, 1), 0, &ambiguous), a);
	pods_expire(p, SECOND + PODS_ADDR_LINGER_NS);
	cr_expect_null(by_addr(addr4(10, 0, 0, 1), 0, &ambiguous));
	cr_expect_eq(pods_by_uid(p, UID_A), a, "but the pod is remembered");
}

Test(pods, two_pods_on_one_address)
{
	struct pod *a = add_pod(p, UID_A, "shop", "one", 100, 1);
	struct pod *b = add_pod(p, UID_B, "shop", "two", 101, 2);
	struct owner_addr addr = addr4(10, 0, 0, 1);
	bool ambiguous;

	set_addr(p, a, addr, SECOND);
	set_addr(p, b, addr, SECOND);
	cr_expect_not_null(by_addr(addr, 0, &ambiguous));
	cr_expect(ambiguous);
	pods_remove(p, b, SECOND);
	cr_expect_eq(by_addr(addr, 0, &ambiguous), a);
	cr_expect_not(ambiguous);
}

Test(pods, families_do_not_mix)
{
	struct pod *a = add_pod(p, UID_A, "shop", "web", 100, 1);
	struct owner_addr v6 = { .addr = { 10, 0, 0, 1 }, .family = 6 };
	bool ambiguous;

	set_addr(p, a, addr4(10, 0, 0, 1), SECOND);
	cr_expect_null(by_addr(v6, 0, &ambiguous));
}

struct owners {
	struct pods_owner owner[32];
	int count;
};

static int take_owner(const struct pods_owner *o, void *arg)
{
	struct owners *all = arg;

	all->owner[all->count++] = *o;
	return 0;
}

static int stop(const struct pods_owner *o, void *arg)
{
	(void)o;
	++*(int *)arg;
	return -5;
}

static const struct pods_owner *owner_of(const struct owners *all, uint32_t family)
{
	for (int i = 0; i < all->count; i++)
		if (all->owner[i].family == family)
			return &all->owner[i];
	return NULL;
}

Test(pods, entries_for_the_kernel)
{
	struct owner_addr all[] = { addr4(10, 0, 0, 1),
				    { .addr = { 0xfd, 1 }, .family = 6 },
				    { .addr = { 2, 3, 4, 5, 6, 7 }, .family = ADDRS_FAMILY_MAC } };
	struct pod *a = add_pod(p, UID_A, "shop", "web", 100, 1);
	struct owner_dev dev = { .netns = 4, .ifindex = 17 };
	struct owners got = { .count = 0 };
	const struct pods_owner *o;
	uint32_t generation = pods_owners_generation(p);
	bool ambiguous;
	int calls = 0;

	pods_set_addrs(p, a, all, 3, SECOND);
	pods_set_devs(p, a, &dev, 1);
	cr_expect_neq(pods_owners_generation(p), generation);
	cr_expect_eq(pods_each_owner(p, take_owner, &got), 0);
	cr_expect_eq(got.count, 4);
	for (int i = 0; i < got.count; i++) {
		cr_expect_lt(got.owner[i].id, 1U << 24);
		cr_expect_eq(pods_by_owner(p, got.owner[i].id, &ambiguous), a);
		cr_expect_not(ambiguous);
	}
	cr_assert_not_null(o = owner_of(&got, ADDRS_FAMILY_MAC));
	cr_expect_arr_eq(&o->mac, all[2].addr, 6);
	cr_assert_not_null(o = owner_of(&got, 0));
	cr_expect_eq(o->dev.ifindex, 17);
	cr_expect_eq(pods_each_owner(p, stop, &calls), -5);
	cr_expect_eq(calls, 1);
}

Test(pods, entries_that_two_pods_share)
{
	struct owner_addr all[] = { addr4(10, 0, 0, 1),
				    { .addr = { 2, 3, 4, 5, 6, 7 }, .family = ADDRS_FAMILY_MAC } };
	struct owners got = { .count = 0 };
	bool ambiguous;

	pods_set_addrs(p, add_pod(p, UID_A, "s", "a", 100, 1), all, 2, SECOND);
	pods_set_addrs(p, add_pod(p, UID_B, "s", "b", 101, 2), all, 2, SECOND);
	pods_each_owner(p, take_owner, &got);
	cr_assert_eq(got.count, 1, "the address once, the MAC not at all");
	cr_expect_eq(got.owner[0].family, 4);
	cr_expect_not_null(pods_by_owner(p, got.owner[0].id, &ambiguous));
	cr_expect(ambiguous);
}

Test(pods, entries_of_an_ended_pod)
{
	struct pod *a = add_pod(p, UID_A, "shop", "web", 100, 1);
	struct owner_dev dev = { .netns = 4, .ifindex = 17 };
	struct owners got = { .count = 0 };
	uint32_t generation;

	pods_set_devs(p, a, &dev, 1);
	generation = pods_owners_generation(p);
	pods_remove(p, a, SECOND);
	cr_expect_neq(pods_owners_generation(p), generation);
	pods_each_owner(p, take_owner, &got);
	cr_expect_eq(got.count, 0);
}

Test(pods, scan_ends_what_it_does_not_see)
{
	struct pods_cgroup cg;
	struct pod *a, *b;

	add_container(p, 10, UID_A, ID_A, "app");
	add_container(p, 20, UID_B, ID_B, "app");
	a = pods_by_uid(p, UID_A);
	b = pods_by_uid(p, UID_B);
	pods_scan_begin(p);
	cr_expect(pods_touch_cgroup(p, 10));
	cr_expect_not(pods_touch_cgroup(p, 11));
	cr_assert_eq(pods_scan_end(p, 5 * SECOND), 0);
	cr_expect_not(a->terminated);
	cr_expect(b->terminated);
	cr_expect_eq(b->terminated_ns, 5 * SECOND);
	cr_assert(pods_by_cgroup(p, 20, &cg), "its sockets may live on");
	cr_expect_eq(cg.pod, b);
}

Test(pods, a_pod_that_comes_back_is_alive)
{
	struct pod *a = add_pod(p, UID_A, "shop", "web", 100, 1), *again;

	pods_remove(p, a, SECOND);
	cr_assert_eq(pods_add(p, UID_A, &again), 0);
	cr_expect_eq(a, again);
	cr_expect_not(a->terminated);
	pods_expire(p, 2 * SECOND + GRAVES_REMEMBER_NS);
	cr_expect_eq(pods_by_uid(p, UID_A), a, "its old grave does not count");
}

Test(pods, remembered_for_ten_minutes)
{
	struct pod *a = add_pod(p, UID_A, "shop", "web", 100, 1);
	struct pods_cgroup cg;

	add_container(p, 10, UID_A, ID_A, "app");
	pods_remove(p, a, SECOND);
	pods_expire(p, SECOND + GRAVES_REMEMBER_NS - 1);
	cr_expect_not_null(pods_by_netns(p, 100, 1));
	cr_expect(pods_by_cgroup(p, 10, &cg));
	pods_expire(p, SECOND + GRAVES_REMEMBER_NS);
	cr_expect_null(pods_by_uid(p, UID_A));
	cr_expect_null(pods_by_netns(p, 100, 1));
	cr_expect_not(pods_by_cgroup(p, 10, &cg));
	cr_expect_null(pods_container(p, ID_A));
}

Test(pods, the_last_4096_are_remembered)
{
	struct pod *pod;
	char uid[64];

	for (int i = 0; i < GRAVES_REMEMBER_COUNT + 100; i++) {
		snprintf(uid, sizeof(uid), "%032x", i);
		pods_remove(p, add_pod(p, uid, "s", "p", 1000 + i, 1000 + i), SECOND);
		pods_expire(p, SECOND);
	}
	cr_expect_null(pods_by_uid(p, "00000000000000000000000000000063"));
	pod = pods_by_uid(p, "00000000000000000000000000000064");
	cr_assert_not_null(pod);
	cr_expect(pod->terminated);
}

/* What the index takes for 500 pods of three containers, by the allocator's own account. */
static size_t allocated(void)
{
#ifdef __SANITIZE_ADDRESS__
	return __sanitizer_get_current_allocated_bytes();
#else
	return mallinfo2().uordblks;
#endif
}

Test(pods, five_hundred_pods_are_small)
{
	size_t before = allocated();
	char uid[64], id[80];

	for (int i = 0; i < 500; i++) {
		snprintf(uid, sizeof(uid), "%08x-0000-4000-8000-000000000000", i);
		set_addr(p, add_pod(p, uid, "namespace", uid + 2, 1000 + i, 1000 + i),
			 addr4(10, 1, i >> 8, i), SECOND);
		for (int c = 0; c < 3; c++) {
			snprintf(id, sizeof(id), "%064x", i * 3 + c);
			add_container(p, 100000 + i * 4 + c, uid, id, "name");
		}
	}
	cr_expect_leq(allocated() - before, 4U << 20, "%zu bytes", allocated() - before);
	cr_expect_gt(allocated() - before, 100000U, "nothing was measured");
}

/* 50 000 pods, of which the last are remembered, and texts are still equal to what was told. */
Test(pods, texts_of_forgotten_pods_are_let_go)
{
	uint64_t now_ns = SECOND;
	struct pods_cgroup cg;
	char uid[64], id[80];
	struct pod *pod;
	size_t most = 0;

	for (int i = 0; i < 50000; i++) {
		snprintf(uid, sizeof(uid), "%08x-0000-4000-8000-000000000000", i);
		snprintf(id, sizeof(id), "%064x", i);
		pod = add_pod(p, uid, "namespace", uid + 1, 1000 + i % 100, 1000 + i);
		add_container(p, 100000 + i, uid, id, "name");
		now_ns += SECOND / 80;
		pods_end_cgroup(p, 100000 + i, now_ns);
		cr_assert(pod->terminated);
		if (i % 80 == 0)
			pods_expire(p, now_ns);
		most = pods_text_bytes(p) > most ? pods_text_bytes(p) : most;
	}
	cr_expect_leq(most, 6U << 20, "%zu bytes", most);
	cr_assert(pods_by_cgroup(p, 100000 + 49000, &cg));
	cr_expect_str_eq(cg.pod->uid, "0000bf68-0000-4000-8000-000000000000");
	cr_expect_str_eq(cg.pod->name, "000bf68-0000-4000-8000-000000000000");
	cr_expect_str_eq(cg.container->name, "name");
	cr_expect_eq(pods_by_uid(p, cg.pod->uid), cg.pod);
	cr_expect_eq(pods_container(p, cg.container->id), cg.container);
}

/* Any order of tellings and endings leaves an index that answers and can be freed. */
Test(pods, random_lives)
{
	char uid[64], id[80];
	uint64_t now_ns = SECOND;
	struct pods_cgroup cg;
	struct pod *pod;
	bool ambiguous;

	srand(1);
	for (int i = 0; i < 20000; i++) {
		now_ns += (uint64_t)rand() % SECOND;
		snprintf(uid, sizeof(uid), "%08x-0000-4000-8000-000000000000", rand() % 20);
		snprintf(id, sizeof(id), "%064x", rand() % 40);
		cr_assert_eq(pods_add(p, uid, &pod), 0);
		pods_set_netns(p, pod, rand() % 10, rand() % 30);
		set_addr(p, pod, addr4(10, 0, 0, rand() % 10), now_ns);
		add_container(p, 1 + rand() % 200, uid, id, rand() % 2 ? "app" : "POD");
		if (rand() % 4 == 0)
			pods_set_netns_name(p, 1 + rand() % 10, rand() % 30, "name");
		if (rand() % 3 == 0)
			pods_remove(p, pod, now_ns);
		if (rand() % 8 == 0) {
			pods_scan_begin(p);
			for (int n = rand() % 100; n--;)
				pods_touch_cgroup(p, 1 + rand() % 200);
			cr_assert_eq(pods_scan_end(p, now_ns), 0);
		}
		if (rand() % 500 == 0)
			now_ns += GRAVES_REMEMBER_NS;
		pods_by_cgroup(p, 1 + rand() % 200, &cg);
		pods_by_netns(p, rand() % 10, rand() % 30);
		by_addr(addr4(10, 0, 0, rand() % 10), now_ns, &ambiguous);
		if (cg.pod)
			pods_only_container(cg.pod);
	}
}
