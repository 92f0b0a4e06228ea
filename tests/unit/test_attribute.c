/* SPDX-License-Identifier: GPL-2.0-only */
/* Who owns a loss, one row per kind of evidence and per contradiction between two. */
#include "attribute/attribute.h"
#include "pods_build.h"

#define HOST	   4026531840U
#define NS_A	   101U
#define NS_B	   102U
#define NS_PLAIN   103U
#define NS_NAMED   104U
#define COOKIE_A   11
#define COOKIE_B   12
#define COOKIE_C   13
#define CG_ROOT	   1
#define CG_A	   10
#define CG_A2	   11
#define CG_B	   12
#define CG_HOSTED  13
#define CG_UNIT	   14
#define CG_DOCKER  15
#define CG_DEAD	   16
#define UID_HOSTED "dddddddd-0000-4000-8000-000000000004"
#define ID_DEAD	   "d000000000000000000000000000000000000000000000000000000000000001"
#define ID_DOCKER  "e000000000000000000000000000000000000000000000000000000000000001"
#define ID_HOSTED  "f000000000000000000000000000000000000000000000000000000000000001"

static struct host host = { .netns = HOST };
static uint32_t id_a, id_b;

/* Two pods with a namespace each (A with two containers), one on the host's, one that ended. */
static void setup(void)
{
	struct pods *p;
	struct pod *a, *b, *dead;

	cr_assert_eq(pods_new(&p), 0);
	host.pods = p;
	a = add_pod(p, UID_A, "shop", "web", NS_A, COOKIE_A);
	b = add_pod(p, UID_B, "shop", "db", NS_B, COOKIE_B);
	add_pod(p, UID_HOSTED, "kube-system", "proxy", 0, 0);
	dead = add_pod(p, UID_C, "shop", "gone", 105, COOKIE_C);
	add_container(p, CG_A, UID_A, ID_A, "app");
	add_container(p, CG_A2, UID_A, ID_A2, "sidecar");
	add_container(p, CG_B, UID_B, ID_B, "db");
	add_container(p, CG_HOSTED, UID_HOSTED, ID_HOSTED, "proxy");
	add_container(p, CG_DEAD, UID_C, ID_DEAD, "app");
	add_cgroup(p, CG_UNIT, "/system.slice/kubelet.service");
	add_cgroup(p, CG_DOCKER, "/docker/" ID_DOCKER);
	add_cgroup(p, CG_ROOT, "/");
	pods_set_container(p, ID_DOCKER, "registry", false);
	pods_set_netns_name(p, NS_NAMED, 0, "blue");
	set_addr(p, a, addr4(10, 0, 0, 1), SECOND);
	set_addr(p, b, addr4(10, 0, 0, 2), SECOND);
	pods_remove(p, dead, SECOND);
	id_a = a->id << 1;
	id_b = b->id << 1;
}

static void teardown(void)
{
	pods_free(host.pods);
}

TestSuite(attribute, .init = setup, .fini = teardown);

struct row {
	const char *what;
	struct loss_key key;
	enum how how;
	unsigned int flags;
	const char *pod, *container, *unit, *netns_name;
};

#define RX   (FACT_SK_RX | FACT_SK_FULL)
#define TX   (FACT_SK_TX | FACT_SK_FULL)
#define ID   0xffffffff /* replaced by the owner id of pod A */
#define ID_2 0xfffffffe /* the same, marked ambiguous */

#define KEY(bits, cg, sk_ns, ns, ns_cookie)                                                        \
	{                                                                                          \
		.facts = (bits), .cgroup = (cg), .sk_netns = (sk_ns), .netns = (ns),               \
		.netns_cookie = (ns_cookie)                                                        \
	}
#define FORWARDED(ns, id)                                                                          \
	{                                                                                          \
		.netns = (ns), .owner = (id)                                                       \
	}

static const struct row rows[] = {
	{ .what = "receiver's socket: pod and container",
	  .key = KEY(RX, CG_A, NS_A, NS_A, COOKIE_A),
	  .how = HOW_SK_CGROUP,
	  .pod = "web",
	  .container = "app" },
	{ .what = "the other container of the pod",
	  .key = KEY(RX, CG_A2, NS_A, NS_A, COOKIE_A),
	  .how = HOW_SK_CGROUP,
	  .pod = "web",
	  .container = "sidecar" },
	{ .what = "sender's socket, still set on the host's side of the veth",
	  .key = KEY(TX, CG_A, NS_A, HOST, COOKIE_A),
	  .how = HOW_SK_CGROUP,
	  .pod = "web",
	  .container = "app" },
	{ .what = "sender's socket, lost in another pod",
	  .key = KEY(TX, CG_A, NS_A, NS_B, COOKIE_A),
	  .how = HOW_SK_CGROUP,
	  .pod = "web",
	  .container = "app" },
	{ .what = "pod on the host's network",
	  .key = KEY(RX, CG_HOSTED, HOST, HOST, 0),
	  .how = HOW_SK_CGROUP,
	  .flags = OWNER_HOST_NETWORK,
	  .pod = "proxy",
	  .container = "proxy" },
	{ .what = "process of a pod in the host's namespace: only the cgroup knows",
	  .key = KEY(TX, CG_A, HOST, HOST, 0),
	  .how = HOW_SK_CGROUP,
	  .pod = "web",
	  .container = "app" },
	{ .what = "process of a pod in a namespace of its own making",
	  .key = KEY(TX, CG_A, NS_PLAIN, NS_PLAIN, 0),
	  .how = HOW_SK_CGROUP,
	  .pod = "web",
	  .container = "app" },
	{ .what = "socket of a pod that ended, by cgroup",
	  .key = KEY(RX, CG_DEAD, 105, 105, COOKIE_C),
	  .how = HOW_SK_CGROUP,
	  .flags = OWNER_TERMINATED,
	  .pod = "gone",
	  .container = "app" },
	{ .what = "cgroup of another pod: the namespace wins",
	  .key = KEY(RX, CG_A, NS_B, NS_B, COOKIE_B),
	  .how = HOW_NETNS,
	  .flags = OWNER_CGROUP_MISMATCH,
	  .pod = "db",
	  .container = "db" },
	{ .what = "cgroup of a unit in a pod: the namespace wins",
	  .key = KEY(RX, CG_UNIT, NS_B, NS_B, COOKIE_B),
	  .how = HOW_NETNS,
	  .flags = OWNER_CGROUP_MISMATCH,
	  .pod = "db",
	  .container = "db",
	  .unit = "system.slice/kubelet.service" },
	{ .what = "the root is no evidence and no contradiction",
	  .key = KEY(RX, CG_ROOT, NS_B, NS_B, COOKIE_B),
	  .how = HOW_NETNS,
	  .pod = "db",
	  .container = "db" },
	{ .what = "nor is a cgroup nobody knows",
	  .key = KEY(RX, 999, NS_B, NS_B, COOKIE_B),
	  .how = HOW_NETNS,
	  .pod = "db",
	  .container = "db" },
	{ .what = "TIME_WAIT: no cgroup; two containers, so none is named",
	  .key = KEY(FACT_SK_RX | 6, 0, NS_A, NS_A, COOKIE_A),
	  .how = HOW_NETNS,
	  .pod = "web" },
	{ .what = "socket's namespace before the one of the loss",
	  .key = KEY(FACT_SK_TX | 6, 0, NS_A, NS_B, COOKIE_A),
	  .how = HOW_NETNS,
	  .pod = "web" },
	{ .what = "inode used again: the cookie is another's",
	  .key = KEY(RX, CG_ROOT, NS_A, NS_A, 77),
	  .how = HOW_NONE },
	{ .what = "no socket, lost in a pod",
	  .key = KEY(0, 0, 0, NS_B, COOKIE_B),
	  .how = HOW_NETNS,
	  .pod = "db",
	  .container = "db" },
	{ .what = "the host's socket, lost in a pod",
	  .key = KEY(TX, CG_UNIT, HOST, NS_B, 5),
	  .how = HOW_NETNS,
	  .pod = "db",
	  .container = "db" },
	{ .what = "a pod's end, by cookie",
	  .key = KEY(0, 0, 0, 105, COOKIE_C),
	  .how = HOW_NETNS,
	  .flags = OWNER_TERMINATED,
	  .pod = "gone",
	  .container = "app" },
	{ .what = "forwarded: came in by the pod's veth",
	  .key = FORWARDED(HOST, OWNER(OWNER_BY_IIF, ID)),
	  .how = HOW_VETH,
	  .pod = "web" },
	{ .what = "forwarded: going out by the pod's veth",
	  .key = FORWARDED(HOST, OWNER(OWNER_BY_DEV, ID)),
	  .how = HOW_VETH,
	  .pod = "web" },
	{ .what = "forwarded: link-layer source",
	  .key = FORWARDED(HOST, OWNER(OWNER_BY_MAC, ID)),
	  .how = HOW_MAC,
	  .pod = "web" },
	{ .what = "forwarded: source address",
	  .key = FORWARDED(HOST, OWNER(OWNER_BY_SRC, ID)),
	  .how = HOW_IP_SRC,
	  .pod = "web" },
	{ .what = "forwarded: destination address",
	  .key = FORWARDED(HOST, OWNER(OWNER_BY_DST, ID)),
	  .how = HOW_IP_DST,
	  .pod = "web" },
	{ .what = "forwarded: an address two pods have",
	  .key = FORWARDED(HOST, OWNER(OWNER_BY_SRC, ID_2)),
	  .how = HOW_IP_SRC,
	  .flags = OWNER_AMBIGUOUS,
	  .pod = "web" },
	{ .what = "forwarded in a namespace between host and pod",
	  .key = FORWARDED(NS_NAMED, OWNER(OWNER_BY_IIF, ID)),
	  .how = HOW_VETH,
	  .pod = "web" },
	{ .what = "an owner the index has forgotten",
	  .key = FORWARDED(HOST, OWNER(OWNER_BY_SRC, 4000)),
	  .how = HOW_HOST },
	{ .what = "an owner of no known kind",
	  .key = FORWARDED(HOST, OWNER(99, ID)),
	  .how = HOW_HOST },
	{ .what = "host: with its unit",
	  .key = KEY(RX, CG_UNIT, HOST, HOST, 0),
	  .how = HOW_HOST,
	  .unit = "system.slice/kubelet.service" },
	{ .what = "host: without a socket", .key = KEY(0, 0, 0, HOST, 0), .how = HOW_HOST },
	{ .what = "host: socket of the root cgroup",
	  .key = KEY(RX, CG_ROOT, HOST, HOST, 0),
	  .how = HOW_HOST },
	{ .what = "container without a pod",
	  .key = KEY(RX, CG_DOCKER, NS_PLAIN, NS_PLAIN, 0),
	  .how = HOW_SK_CGROUP,
	  .container = "registry",
	  .unit = "docker/" ID_DOCKER },
	{ .what = "unit with a namespace of its own",
	  .key = KEY(RX, CG_UNIT, NS_NAMED, NS_NAMED, 0),
	  .how = HOW_SK_CGROUP,
	  .unit = "system.slice/kubelet.service",
	  .netns_name = "blue" },
	{ .what = "a namespace with a name",
	  .key = KEY(0, 0, 0, NS_NAMED, 0),
	  .how = HOW_NONE,
	  .netns_name = "blue" },
	{ .what = "a namespace nobody knows", .key = KEY(0, 0, 0, NS_PLAIN, 0), .how = HOW_NONE },
	{ .what = "nothing at all", .key = KEY(0, 0, 0, 0, 0), .how = HOW_NONE },
};

static const char *text(const char *s)
{
	return s ? s : "-";
}

static struct loss_key key_of(const struct row *r)
{
	struct loss_key key = r->key;

	if (OWNER_ID(key.owner) == OWNER_ID(ID))
		key.owner = OWNER(OWNER_HOW(key.owner), id_a);
	else if (OWNER_ID(key.owner) == OWNER_ID(ID_2))
		key.owner = OWNER(OWNER_HOW(key.owner), id_a | 1);
	return key;
}

Test(attribute, victim_of_every_kind_of_evidence)
{
	struct owner o;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct loss_key key = key_of(r);

		attribute_victim(&o, &key, &host);
		cr_expect_str_eq(how_name(o.how), how_name(r->how), "%s: %s", r->what,
				 how_name(o.how));
		cr_expect_eq(o.flags, r->flags, "%s: flags %x", r->what, o.flags);
		cr_expect_str_eq(text(o.pod), text(r->pod), "%s: pod %s", r->what, text(o.pod));
		cr_expect_str_eq(text(o.container), text(r->container), "%s: container %s", r->what,
				 text(o.container));
		cr_expect_str_eq(text(o.unit), text(r->unit), "%s: unit %s", r->what, text(o.unit));
		cr_expect_str_eq(text(o.netns_name), text(r->netns_name), "%s: netns %s", r->what,
				 text(o.netns_name));
		cr_expect_eq(!o.pod, !o.uid, "%s: pod and uid", r->what);
		cr_expect_eq(!o.container, !o.container_id, "%s: container and id", r->what);
	}
}

Test(attribute, namespace_shown_is_the_owners)
{
	struct loss_key key = { .facts = TX, .cgroup = CG_UNIT, .sk_netns = HOST, .netns = NS_B };
	struct owner o;

	attribute_victim(&o, &key, &host);
	cr_expect_eq(o.netns, NS_B);
	key.netns = NS_PLAIN;
	attribute_victim(&o, &key, &host);
	cr_expect_eq(o.netns, HOST);
	cr_expect_eq(o.how, HOW_HOST);
}

Test(attribute, unknown_host_namespace_is_nobodys)
{
	struct host h = { .pods = host.pods };
	struct loss_key key = { .netns = 0 };
	struct owner o;

	attribute_victim(&o, &key, &h);
	cr_expect_eq(o.how, HOW_NONE);
}

Test(attribute, every_how_has_a_name)
{
	for (int i = HOW_NONE; i <= HOW_HOST; i++) {
		cr_assert_not_null(how_name(i));
		for (int j = HOW_NONE; j < i; j++)
			cr_expect_str_neq(how_name(i), how_name(j));
	}
}

/* A drop between two addresses, its victim as attribute_victim() finds it. */
struct scene {
	struct event ev;
	struct verdict verdict;
	struct drop drop;
};

static void set_flow(struct flow *f, struct owner_addr src, struct owner_addr dst)
{
	f->family = 4;
	memcpy(f->src, src.addr, sizeof(f->src));
	memcpy(f->dst, dst.addr, sizeof(f->dst));
}

static struct owner peer_of(struct scene *s, struct loss_key key, struct owner_addr src,
			    struct owner_addr dst)
{
	struct owner peer;

	s->ev.key = key;
	s->ev.time_ns = 100 * SECOND;
	attribute_victim(&s->verdict.victim, &key, &host);
	s->drop.ev = &s->ev;
	s->drop.verdict = &s->verdict;
	set_flow(&s->drop.pkt.outer, src, dst);
	attribute_peer(&peer, &s->drop, &host);
	return peer;
}

#define ADDR_A	addr4(10, 0, 0, 1)
#define ADDR_B	addr4(10, 0, 0, 2)
#define OUTSIDE addr4(192, 0, 2, 1)

Test(attribute, peer_is_the_end_that_is_not_the_victim)
{
	struct loss_key in_a = { .netns = NS_A, .netns_cookie = COOKIE_A };
	struct scene s = { .ev = { 0 } };
	struct owner peer;

	peer = peer_of(&s, in_a, ADDR_A, ADDR_B);
	cr_expect_str_eq(text(peer.pod), "db");
	cr_expect_eq(peer.how, HOW_IP_DST);
	peer = peer_of(&s, in_a, ADDR_B, ADDR_A);
	cr_expect_str_eq(text(peer.pod), "db");
	cr_expect_eq(peer.how, HOW_IP_SRC);
	peer = peer_of(&s, in_a, ADDR_A, OUTSIDE);
	cr_expect_eq(peer.how, HOW_NONE);
	cr_expect_null(peer.pod);
}

Test(attribute, peer_by_direction_where_the_victims_address_is_translated)
{
	struct loss_key rx = { .facts = RX, .cgroup = CG_A, .sk_netns = NS_A, .netns = NS_A };
	struct loss_key tx = { .facts = TX, .cgroup = CG_A, .sk_netns = NS_A, .netns = NS_A };
	struct scene s = { .ev = { 0 } };

	cr_expect_str_eq(text(peer_of(&s, rx, ADDR_B, OUTSIDE).pod), "db");
	cr_expect_null(peer_of(&s, rx, OUTSIDE, ADDR_B).pod, "that would be the victim's end");
	cr_expect_str_eq(text(peer_of(&s, tx, OUTSIDE, ADDR_B).pod), "db");
}

Test(attribute, peer_of_forwarded_and_host_traffic)
{
	struct loss_key forward = { .netns = HOST, .owner = OWNER(OWNER_BY_IIF, id_a) };
	struct loss_key at_host = { .netns = HOST };
	struct scene s = { .ev = { 0 } };

	cr_expect_str_eq(text(peer_of(&s, forward, ADDR_A, ADDR_B).pod), "db");
	cr_expect_str_eq(text(peer_of(&s, at_host, ADDR_A, OUTSIDE).pod), "web");
	cr_expect_null(peer_of(&s, at_host, ADDR_A, ADDR_B).pod, "nothing tells which");
	forward.owner = OWNER(OWNER_BY_DST, id_b);
	cr_expect_null(peer_of(&s, forward, OUTSIDE, ADDR_B).pod);
}

Test(attribute, peer_in_a_tunnel)
{
	struct loss_key in_a = { .netns = NS_A, .netns_cookie = COOKIE_A };
	struct scene s = { .ev = { 0 } };

	s.drop.pkt.tunnel = TUNNEL_VXLAN;
	set_flow(&s.drop.pkt.inner, ADDR_A, ADDR_B);
	cr_expect_str_eq(text(peer_of(&s, in_a, OUTSIDE, addr4(192, 0, 2, 2)).pod), "db");
}

Test(attribute, peer_with_an_address_in_doubt)
{
	struct loss_key in_a = { .netns = NS_A, .netns_cookie = COOKIE_A };
	struct scene s = { .ev = { 0 } };
	struct pod *other =
		add_pod(host.pods, "eeeeeeee-0000-4000-8000-000000000005", "shop", "two", 106, 14);
	struct owner peer;

	set_addr(host.pods, other, ADDR_B, 99 * SECOND);
	peer = peer_of(&s, in_a, ADDR_A, ADDR_B);
	cr_expect_not_null(peer.pod);
	cr_expect_eq(peer.flags, OWNER_AMBIGUOUS);
}
