/* SPDX-License-Identifier: GPL-2.0-only */
/* The watcher against a copy of a node's files in a directory of its own, one per runtime's layout. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attribute/oci.h"
#include "attribute/pods.h"
#include "attribute/watch.h"

#define UID  "3f5c1d2e-8a4b-4c7d-9e1f-0123456789ab"
#define UID_ "3f5c1d2e_8a4b_4c7d_9e1f_0123456789ab"
#define ID   "605439acbd4fb18c145069289094b17f17e0cfa938f78012d4960bc797305f22"
#define ID_2 "705439acbd4fb18c145069289094b17f17e0cfa938f78012d4960bc797305f22"
#define ID_3 "805439acbd4fb18c145069289094b17f17e0cfa938f78012d4960bc797305f22"

#define TREE   "sys/fs/cgroup/unified"
#define PLAIN  TREE "/kubepods/burstable/pod" UID
#define K8S_IO "run/containerd/io.containerd.runtime.v2.task/k8s.io/"

static char root[64];
static struct pods *pods;
static struct watch *w;

static const char *at(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A path below the copy; good until the next but three calls. */
static const char *at(const char *fmt, ...)
{
	static char paths[4][1024];
	static int turn;
	char *path = paths[turn++ % 4];
	size_t len = snprintf(path, sizeof(paths[0]), "%s/", root);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(path + len, sizeof(paths[0]) - len, fmt, ap);
	va_end(ap);
	return path;
}

static void make_parents(const char *path)
{
	char copy[1024];

	snprintf(copy, sizeof(copy), "%s", path);
	for (char *slash = copy + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = 0;
		mkdir(copy, 0755);
		*slash = '/';
	}
}

static void put(const char *path, const char *text)
{
	FILE *f;

	make_parents(path);
	f = fopen(path, "w");
	cr_assert(f, "%s: %s", path, strerror(errno));
	fputs(text, f);
	fclose(f);
}

static void make_dir(const char *path)
{
	make_parents(path);
	cr_assert(!mkdir(path, 0755) || errno == EEXIST, "%s: %s", path, strerror(errno));
}

static uint64_t inode(const char *path)
{
	struct stat st;

	cr_assert_eq(stat(path, &st), 0, "%s", path);
	return st.st_ino;
}

/* A process in the namespace of another one, or in its own if that is 0. */
static void add_process(int pid, int same_as)
{
	const char *path = at("proc/%d/ns/net", pid);

	make_parents(path);
	if (same_as)
		cr_assert_eq(link(at("proc/%d/ns/net", same_as), path), 0);
	else
		put(path, "");
}

static void add_cgroup(const char *path, int pid)
{
	char text[16] = "";

	make_dir(at("%s", path));
	if (pid)
		snprintf(text, sizeof(text), "%d\n", pid);
	put(at("%s/cgroup.procs", path), text);
}

static void setup(void)
{
	strcpy(root, "/tmp/whydrop-watch-XXXXXX");
	cr_assert_not_null(mkdtemp(root));
	add_process(1, 0);
	put(at("proc/1/mountinfo"),
	    "25 30 0:23 / /sys/fs/cgroup ro shared:9 - tmpfs tmpfs ro\n"
	    "26 25 0:24 /sub /else rw - cgroup2 cgroup2 rw\n"
	    "27 25 0:24 / /sys/fs/cgroup/\\165nified rw shared:10 - cgroup2 cgroup2 rw\n");
	make_dir(at(TREE));
	cr_assert_eq(pods_new(&pods), 0);
	w = NULL;
}

static int delete_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static void delete_tree(const char *path)
{
	cr_assert_eq(nftw(path, delete_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static void teardown(void)
{
	watch_free(w);
	pods_free(pods);
	delete_tree(root);
}

TestSuite(watch, .init = setup, .fini = teardown);

static void start(void)
{
	cr_assert_eq(watch_new(&w, pods, root), 0);
}

static struct pods_cgroup cgroup(const char *path)
{
	struct pods_cgroup cg;
	uint64_t id = inode(at("%s", path));

	cr_expect_eq(watch_cgroup(w, id), 0, "%s", path);
	cr_assert(pods_by_cgroup(pods, id, &cg), "%s", path);
	return cg;
}

static const char *text(const char *s)
{
	return s ? s : "-";
}

static void expect(const char *path, const char *ns, const char *pod, const char *container)
{
	struct pods_cgroup cg = cgroup(path);

	cr_expect_str_eq(text(cg.pod ? cg.pod->ns : NULL), ns, "%s", path);
	cr_expect_str_eq(text(cg.pod ? cg.pod->name : NULL), pod, "%s", path);
	cr_expect_str_eq(text(cg.container ? cg.container->name : NULL), container, "%s", path);
}

static void put_containerd(const char *dir, const char *id, const char *type, const char *name)
{
	char json[1024];

	snprintf(json, sizeof(json),
		 "{\"ociVersion\":\"1.0\",\"annotations\":{"
		 "\"io.kubernetes.cri.container-type\":\"%s\","
		 "\"io.kubernetes.cri.sandbox-namespace\":\"shop\","
		 "\"io.kubernetes.cri.sandbox-name\":\"web-0\","
		 "\"io.kubernetes.cri.sandbox-uid\":\"" UID "\"%s%s%s},"
		 "\"linux\":{\"namespaces\":[{\"type\":\"pid\"},"
		 "{\"type\":\"network\",\"path\":\"/var/run/netns/cni-1\"}]}}",
		 type, name ? ",\"io.kubernetes.cri.container-name\":\"" : "", name ? name : "",
		 name ? "\"" : "");
	put(at("%s%s/config.json", dir, id), json);
}

Test(watch, containerd_with_plain_cgroups)
{
	struct pods_cgroup cg;

	add_process(100, 0);
	add_process(101, 100);
	add_cgroup(PLAIN "/" ID, 100);
	add_cgroup(PLAIN "/" ID_2, 101);
	put_containerd(K8S_IO, ID, "sandbox", NULL);
	put_containerd(K8S_IO, ID_2, "container", "nginx");
	make_dir(at("var/log/pods/store_front_" UID));
	start();
	expect(PLAIN "/" ID_2, "store", "front", "nginx");
	expect(PLAIN "/" ID, "store", "front", "POD");
	cg = cgroup(PLAIN "/" ID);
	cr_expect(cg.container->sandbox);
	cr_expect_eq(cg.pod->netns, inode(at("proc/100/ns/net")));
	cr_expect_not(cg.pod->host_network);
	cr_assert_not_null(pods_only_container(cg.pod));
	cr_expect_str_eq(pods_only_container(cg.pod)->name, "nginx");
}

Test(watch, containerd_of_k3s_without_log_directory)
{
#define SCOPE TREE "/kubepods.slice/kubepods-pod" UID_ ".slice/cri-containerd-" ID ".scope"

	add_cgroup(SCOPE, 0);
	put_containerd("run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/", ID, "container",
		       "nginx");
	start();
	expect(SCOPE, "shop", "web-0", "nginx");
}

Test(watch, crio)
{
#define CRIO TREE "/kubepods.slice/kubepods-pod" UID_ ".slice/crio-" ID ".scope"

	add_cgroup(CRIO, 0);
	add_cgroup(CRIO "/container", 0);
	put(at("var/lib/containers/storage/overlay-containers/" ID "/userdata/config.json"),
	    "{\"annotations\":{\"io.kubernetes.cri-o.ContainerType\":\"container\","
	    "\"io.kubernetes.pod.namespace\":\"shop\",\"io.kubernetes.pod.name\":\"db-0\","
	    "\"io.kubernetes.container.name\":\"postgres\"}}");
	start();
	expect(CRIO, "shop", "db-0", "postgres");
	expect(CRIO "/container", "shop", "db-0", "postgres");
}

Test(watch, docker_under_kubernetes)
{
#define DOCKER TREE "/kubepods.slice/kubepods-pod" UID_ ".slice/docker-" ID ".scope"

	add_cgroup(DOCKER, 0);
	put(at("var/lib/docker/containers/" ID "/config.v2.json"),
	    "{\"Name\":\"/k8s_web_x\",\"Config\":{\"Labels\":{"
	    "\"io.kubernetes.pod.namespace\":\"shop\",\"io.kubernetes.pod.name\":\"web-0\","
	    "\"io.kubernetes.container.name\":\"nginx\","
	    "\"io.kubernetes.docker.type\":\"container\"}}}");
	start();
	expect(DOCKER, "shop", "web-0", "nginx");
}

Test(watch, docker_alone)
{
	add_cgroup(TREE "/docker/" ID, 0);
	put(at("var/lib/docker/containers/" ID "/config.v2.json"), "{\"Name\":\"/registry\"}");
	start();
	expect(TREE "/docker/" ID, "-", "-", "registry");
}

/* What CRI-O writes (its pkg/annotations), of which some is kubelet's; the texts within are JSON again. */
#define CRIO_JSON(type, container, name, rest)                                                     \
	"{\"ociVersion\":\"1.1.0\",\"hostname\":\"db-0\",\"annotations\":{"                        \
	"\"io.container.manager\":\"cri-o\","                                                      \
	"\"io.kubernetes.container.name\":\"" container "\","                                      \
	"\"io.kubernetes.cri-o.ContainerType\":\"" type "\","                                      \
	"\"io.kubernetes.cri-o.IP.0\":\"10.85.0.5\","                                              \
	"\"io.kubernetes.cri-o.Labels\":\"{\\\"io.kubernetes.pod.name\\\":\\\"no-0\\\"}\","        \
	"\"io.kubernetes.cri-o.LogPath\":\"/var/log/pods/shop_db-0_" UID "/postgres/0.log\","      \
	"\"io.kubernetes.cri-o.Metadata\":\"{\\\"name\\\":\\\"no\\\"}\","                          \
	"\"io.kubernetes.cri-o.Name\":\"" name "\","                                               \
	"\"io.kubernetes.cri-o.SandboxID\":\"" ID "\"," rest "},"                                  \
	"\"linux\":{\"cgroupsPath\":\"kubepods-pod" UID_ ".slice:crio:" ID "\",\"namespaces\":["   \
	"{\"type\":\"pid\"},{\"type\":\"network\","                                                \
	"\"path\":\"/var/run/netns/1b1b1b1b-2c2c-4d4d-8e8e-0123456789ab\"}]}}"
#define KUBELET_LABELS(pod)                                                                        \
	"\"io.kubernetes.pod.name\":\"" pod "\",\"io.kubernetes.pod.namespace\":\"shop\","         \
	"\"io.kubernetes.pod.uid\":\"" UID "\""

/* What dockerd writes for cri-dockerd: names are "k8s_<container>_<pod>_<namespace>_<uid>_<attempt>". */
#define DOCKER_JSON(type, container, key)                                                          \
	"{\"ID\":\"" ID "\",\"Config\":{\"Hostname\":\"web-0\",\"Labels\":{"                       \
	"\"annotation.kubernetes.io/config.source\":\"api\","                                      \
	"\"io.kubernetes.container.name\":\"" container "\","                                      \
	"\"io.kubernetes.docker.type\":\"" type                                                    \
	"\"," KUBELET_LABELS("web-0") "}},"                                                        \
				      "\"NetworkSettings\":{\"SandboxKey\":\"" key "\"},"          \
				      "\"Name\":\"/k8s_" container "_web-0_shop_" UID "_0\"}"

#define CONTAINERD_JSON                                                                            \
	"{\"annotations\":{\"io.kubernetes.cri.container-type\":\"container\","                    \
	"\"io.kubernetes.cri.container-name\":\"nginx\","                                          \
	"\"io.kubernetes.cri.sandbox-namespace\":\"shop\","                                        \
	"\"io.kubernetes.cri.sandbox-name\":\"web-0\"}}"

#define STORAGE	      "containers/storage/overlay-containers/" ID "/userdata/config.json"
#define DOCKER_CONFIG "var/lib/docker/containers/" ID "/config.v2.json"
#define SLICE	      TREE "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" UID_ ".slice"

/* One of each: cgroup driver, runtime, and what the container is. */
static const struct layout {
	const char *cgroup, *file, *json;
	const char *ns, *pod, *container;
	const char *pin; /* of the pod's namespace, if a file names it */
	bool sandbox;
} layouts[] = {
	{ SLICE "/cri-containerd-" ID ".scope", K8S_IO ID "/config.json", CONTAINERD_JSON, "shop",
	  "web-0", "nginx", NULL, false },
	/* systemd inside the container makes cgroups of its own */
	{ SLICE "/cri-containerd-" ID ".scope/init.scope", K8S_IO ID "/config.json",
	  CONTAINERD_JSON, "shop", "web-0", "nginx", NULL, false },
	/* kind: kubelet's --cgroup-root */
	{ TREE "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/"
	       "kubelet-kubepods-burstable-pod" UID_ ".slice/cri-containerd-" ID ".scope",
	  K8S_IO ID "/config.json", CONTAINERD_JSON, "shop", "web-0", "nginx", NULL, false },
	/* kubelet with the systemd driver, the runtime without */
	{ TREE "/system.slice/containerd.service/kubepods-burstable-pod" UID_
	       ".slice:cri-containerd:" ID,
	  K8S_IO ID "/config.json", CONTAINERD_JSON, "shop", "web-0", "nginx", NULL, false },
	{ TREE "/kubepods/burstable/pod" UID "/crio-" ID, "run/" STORAGE,
	  CRIO_JSON("container", "postgres", "k8s_postgres_db-0_shop_" UID "_0",
		    KUBELET_LABELS("db-0")),
	  "shop", "db-0", "postgres", "run/netns/1b1b1b1b-2c2c-4d4d-8e8e-0123456789ab", false },
	{ SLICE "/crio-" ID ".scope/container", "var/lib/" STORAGE,
	  CRIO_JSON("container", "postgres", "k8s_postgres_db-0_shop_" UID "_0",
		    KUBELET_LABELS("db-0")),
	  "shop", "db-0", "postgres", "run/netns/1b1b1b1b-2c2c-4d4d-8e8e-0123456789ab", false },
	/* the sandbox without an infra container: no scope, no process, but the namespace */
	{ SLICE "/crio-" ID, "run/" STORAGE,
	  CRIO_JSON("sandbox", "POD", "k8s_db-0_shop_" UID "_0",
		    "\"io.kubernetes.cri-o.KubeName\":\"db-0\","
		    "\"io.kubernetes.cri-o.Namespace\":\"shop\","
		    "\"io.kubernetes.cri-o.ContainerName\":\"k8s_POD_db-0_shop_" UID "_0\""),
	  "shop", "db-0", "POD", "run/netns/1b1b1b1b-2c2c-4d4d-8e8e-0123456789ab", true },
	{ TREE "/kubepods/besteffort/pod" UID "/" ID, DOCKER_CONFIG,
	  DOCKER_JSON("container", "nginx", ""), "shop", "web-0", "nginx", NULL, false },
	{ SLICE "/docker-" ID ".scope", DOCKER_CONFIG,
	  DOCKER_JSON("podsandbox", "POD", "/var/run/docker/netns/7951fb549ab9"), "shop", "web-0",
	  "POD", "run/docker/netns/7951fb549ab9", true },
	{ TREE "/system.slice/docker-" ID ".scope", DOCKER_CONFIG,
	  "{\"Config\":{\"Labels\":{}},\"Name\":\"/registry\"}", "-", "-", "registry", NULL,
	  false },
	/* podman keeps names in a database of its own */
	{ TREE "/machine.slice/libpod-" ID ".scope/container", "var/lib/" STORAGE,
	  "{\"hostname\":\"605439acbd4f\",\"annotations\":{\"io.container.manager\":\"libpod\"}}",
	  "-", "-", "-", NULL, false },
};

static void check_layout(const struct layout *l)
{
	struct pods_cgroup cg;

	add_cgroup(l->cgroup, 0);
	put(at("%s", l->file), l->json);
	if (l->pin)
		put(at("%s", l->pin), "");
	start();
	expect(l->cgroup, l->ns, l->pod, l->container);
	cg = cgroup(l->cgroup);
	cr_assert_not_null(cg.container, "%s", l->cgroup);
	cr_expect_str_eq(cg.container->id, ID);
	cr_expect_eq(cg.container->sandbox, l->sandbox, "%s", l->cgroup);
	if (cg.pod) {
		cr_expect_str_eq(cg.pod->uid, UID);
		cr_expect_eq(cg.pod->netns, l->pin ? inode(at("%s", l->pin)) : 0, "%s", l->cgroup);
	}
}

Test(watch, every_layout)
{
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		if (i) {
			teardown();
			setup();
		}
		check_layout(&layouts[i]);
	}
}

/* kubelet names a static pod by 32 digits, in the cgroup with or without a slice and in the log directory. */
Test(watch, static_pods)
{
#define STATIC_UID "d76e26fba3bf2bfd215eb29011d55250"
#define STATIC                                                                                     \
	TREE "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" STATIC_UID ".slice"
#define STATIC_UID2 "a76e26fba3bf2bfd215eb29011d55250"

	add_cgroup(STATIC "/crio-" ID ".scope", 0);
	add_cgroup(TREE "/kubepods/pod" STATIC_UID2 "/" ID_2, 0);
	make_dir(at("var/log/pods/kube-system_etcd-node1_" STATIC_UID));
	make_dir(at("var/log/pods/kube-system_kube-proxy-node1_" STATIC_UID2));
	start();
	expect(STATIC, "kube-system", "etcd-node1", "-");
	expect(TREE "/kubepods/pod" STATIC_UID2 "/" ID_2, "kube-system", "kube-proxy-node1", "-");
}

/* conmon is a process of the runtime in the pod's slice: the pod's, but no container's. */
Test(watch, monitor_of_a_container)
{
	add_cgroup(SLICE "/crio-" ID ".scope", 0);
	add_cgroup(SLICE "/crio-conmon-" ID ".scope", 0);
	add_cgroup(TREE "/system.slice/crio-conmon-" ID_2 ".scope", 0);
	put(at("run/" STORAGE), CRIO_JSON("container", "postgres", "", KUBELET_LABELS("db-0")));
	start();
	expect(SLICE "/crio-" ID ".scope", "shop", "db-0", "postgres");
	expect(SLICE "/crio-conmon-" ID ".scope", "shop", "db-0", "-");
	expect(TREE "/system.slice/crio-conmon-" ID_2 ".scope", "-", "-", "-");
}

/* dockerd pins the host's own namespace for containers on the host's network. */
Test(watch, docker_on_the_hosts_network)
{
	add_process(100, 1);
	add_cgroup(SLICE "/docker-" ID ".scope", 100);
	put(at(DOCKER_CONFIG), DOCKER_JSON("podsandbox", "POD", "/var/run/docker/netns/default"));
	make_dir(at("run/docker/netns"));
	cr_assert_eq(link(at("proc/1/ns/net"), at("run/docker/netns/default")), 0);
	start();
	cr_expect(cgroup(SLICE "/docker-" ID ".scope").pod->host_network);
	cr_expect_eq(cgroup(SLICE "/docker-" ID ".scope").pod->netns, 0);
}

Test(watch, pod_known_by_its_container_only)
{
#define LOOSE TREE "/system.slice/cri-containerd-" ID ".scope"

	add_cgroup(LOOSE, 0);
	put_containerd(K8S_IO, ID, "container", "nginx");
	start();
	cgroup(LOOSE);
	expect(LOOSE, "shop", "web-0", "nginx");
}

Test(watch, host_units)
{
	add_cgroup(TREE "/system.slice/kubelet.service/deep", 0);
	start();
	cr_expect_str_eq(cgroup(TREE "/system.slice/kubelet.service/deep").unit,
			 "system.slice/kubelet.service");
	cr_expect_null(cgroup(TREE).unit);
	cr_expect_eq(watch_cgroup(w, 0), 0);
	cr_expect_eq(watch_cgroup(w, 12345678901), -EAGAIN, "a scan was just made");
}

Test(watch, pod_on_the_hosts_network)
{
	const struct pod *pod;

	add_process(100, 1);
	add_cgroup(PLAIN "/" ID, 100);
	start();
	pod = cgroup(PLAIN "/" ID).pod;
	cr_expect(pod->host_network);
	cr_expect_eq(pod->netns, 0);
	cr_expect_eq(watch_host_netns(w), inode(at("proc/1/ns/net")));
}

/* The first process of a container is in the host's namespace for a moment, unless it is to stay there. */
Test(watch, new_pod_on_the_hosts_network)
{
#define SANDBOX(namespaces)                                                                        \
	"{\"annotations\":{\"io.kubernetes.cri.container-type\":\"sandbox\","                      \
	"\"io.kubernetes.cri.sandbox-namespace\":\"shop\","                                        \
	"\"io.kubernetes.cri.sandbox-name\":\"web-0\"},"                                           \
	"\"linux\":{\"namespaces\":[{\"type\":\"pid\"}" namespaces "]}}"
#define OTHER TREE "/kubepods/podaaaaaaaa-8a4b-4c7d-9e1f-0123456789ab/" ID_2

	start();
	usleep(210000);
	add_process(100, 1);
	add_process(200, 1);
	add_cgroup(PLAIN "/" ID, 100);
	put(at(K8S_IO ID "/config.json"), SANDBOX(""));
	add_cgroup(OTHER, 200);
	put(at(K8S_IO ID_2 "/config.json"),
	    SANDBOX(",{\"type\":\"network\",\"path\":\"/var/run/netns/late\"}"));
	cr_expect(cgroup(PLAIN "/" ID).pod->host_network);
	cr_expect_not(cgroup(OTHER).pod->host_network);
}

Test(watch, addresses_from_proc)
{
	static const uint8_t v6[16] = { 0xfd, 0, [15] = 5 }, local[16] = { 0xfe, 0x80, [15] = 1 };
	const uint8_t v4[16] = { 10, 244, 7, 2 }, loopback[16] = { 127, 0, 0, 1 };
	const struct pod *pod;
	bool ambiguous;

	add_process(100, 0);
	add_cgroup(PLAIN "/" ID, 100);
	put(at("proc/100/net/fib_trie"), "Main:\n  +-- 0.0.0.0/0 3 0 5\n"
					 "     |-- 10.244.7.0\n        /24 link UNICAST\n"
					 "     |-- 10.244.7.2\n        /32 host LOCAL\n"
					 "     |-- 127.0.0.1\n        /32 host LOCAL\n"
					 "     |-- nonsense\n        /32 host LOCAL\n"
					 "     |-- \n        /32 host LOCAL\n");
	put(at("proc/100/net/if_inet6"),
	    "fd000000000000000000000000000005 02 40 00 80     eth0\n"
	    "fe800000000000000000000000000001 02 40 20 80     eth0\n"
	    "short 02\n\n00000000000000000000000000000001 01 80 10 80       lo\n");
	start();
	pod = cgroup(PLAIN).pod;
	cr_expect_eq(pods_by_addr(pods, 4, v4, 0, &ambiguous), pod);
	cr_expect_eq(pods_by_addr(pods, 6, v6, 0, &ambiguous), pod);
	cr_expect_null(pods_by_addr(pods, 4, loopback, 0, &ambiguous));
	cr_expect_null(pods_by_addr(pods, 6, local, 0, &ambiguous));
}

Test(watch, a_guest_in_another_pods_namespace_does_not_own_it)
{
#define AGENT "aaaaaaaa-8a4b-4c7d-9e1f-0123456789ab"
	uint32_t netns;

	add_process(100, 0);
	add_process(101, 100);
	add_process(200, 1);
	add_process(201, 100);
	add_cgroup(PLAIN "/" ID, 100);
	add_cgroup(PLAIN "/" ID_2, 101);
	add_cgroup(TREE "/kubepods/pod" AGENT "/" ID_2, 200);
	add_cgroup(TREE "/kubepods/pod" AGENT "/" ID_3, 201);
	start();
	netns = inode(at("proc/100/ns/net"));
	cr_assert_not_null(pods_by_netns(pods, netns, 0));
	cr_expect_str_eq(pods_by_netns(pods, netns, 0)->uid, UID);
	cr_expect(pods_by_uid(pods, AGENT)->host_network, "as its first process");
}

Test(watch, namespace_by_the_runtimes_pin)
{
	add_cgroup(PLAIN "/" ID, 0);
	put_containerd(K8S_IO, ID, "sandbox", NULL);
	put(at("run/netns/cni-1"), "");
	start();
	cr_expect_eq(cgroup(PLAIN).pod->netns, inode(at("run/netns/cni-1")));
}

Test(watch, names_of_namespaces)
{
	uint32_t blue, red;

	put(at("run/netns/blue"), "");
	start();
	blue = inode(at("run/netns/blue"));
	cr_expect_eq(watch_netns(w, blue, 0), 0);
	cr_expect_str_eq(pods_netns_name(pods, blue, 0), "blue");
	cr_expect_eq(watch_netns(w, 4, 0), -EAGAIN);
	cr_expect_eq(watch_netns(w, watch_host_netns(w), 0), 0);
	usleep(210000);
	put(at("run/netns/red"), "");
	red = inode(at("run/netns/red"));
	cr_expect_eq(watch_netns(w, red, 0), 0, "looked for on the spot");
	cr_expect_str_eq(pods_netns_name(pods, red, 0), "red");
	usleep(210000);
	cr_expect_eq(watch_netns(w, 4, 0), -ENOENT);
	usleep(210000);
	cr_expect_eq(watch_netns(w, 4, 0), -ENOENT, "and not looked for again at once");
}

/* Ticks as the caller's timer makes them, until the pod is there (or has ended), for 2 s at most. */
static bool ticks_until(bool terminated)
{
	const struct pod *pod;

	for (int i = 0; i < 20; i++) {
		usleep(100000);
		watch_tick(w);
		pod = pods_by_uid(pods, UID);
		if (pod && pod->terminated == terminated && (terminated || pod->netns))
			return true;
	}
	return false;
}

Test(watch, pods_come_and_go)
{
	make_dir(at(TREE "/kubepods/burstable"));
	start();
	cr_assert_null(pods_by_uid(pods, UID));
	add_process(100, 0);
	add_cgroup(PLAIN "/" ID, 100);
	cr_expect(ticks_until(false), "came unnoticed");
	delete_tree(at(PLAIN));
	cr_expect(ticks_until(true), "went unnoticed");
}

static void tell(enum cgroup_change change, uint64_t id, const char *path, uint64_t time_ns)
{
	struct cgroup_event ev = { .time_ns = time_ns, .id = id, .change = change };

	snprintf(ev.path, sizeof(ev.path), "%s", path);
	watch_cgroup_event(w, &ev);
}

/* As the kernel tells it: no directory of the tree is read. */
Test(watch, told_of_a_pods_life)
{
	static const uint64_t pod_id = 1000001, sandbox_id = 1000002, app_id = 1000003;
	const char *path = "/kubepods/burstable/pod" UID;
	struct pods_cgroup cg;
	char child[200];

	make_dir(at("var/log/pods"));
	start();
	watch_told(w);
	tell(CGROUP_MADE, pod_id, path, 1);
	make_dir(at("var/log/pods/store_front_" UID));
	put_containerd(K8S_IO, ID, "sandbox", NULL);
	put(at("run/netns/cni-1"), "");
	snprintf(child, sizeof(child), "%s/" ID, path);
	tell(CGROUP_MADE, sandbox_id, child, 2);
	put_containerd(K8S_IO, ID_2, "container", "nginx");
	snprintf(child, sizeof(child), "%s/" ID_2, path);
	tell(CGROUP_MADE, app_id, child, 3);
	watch_tick(w);
	cr_assert(pods_by_cgroup(pods, app_id, &cg));
	cr_expect_str_eq(text(cg.pod->ns), "store");
	cr_expect_str_eq(text(cg.pod->name), "front");
	cr_expect_str_eq(text(cg.container->name), "nginx");
	cr_expect_eq(cg.pod->netns, inode(at("run/netns/cni-1")), "by the pin, before any process");
	tell(CGROUP_GONE, app_id, "", 5);
	cr_expect_not(cg.pod->terminated);
	tell(CGROUP_GONE, sandbox_id, "", 6);
	cr_expect(cg.pod->terminated);
	cr_expect_eq(cg.pod->terminated_ns, 6);
	tell(CGROUP_MADE, sandbox_id + 10, child, 7);
	cr_expect_not(cg.pod->terminated);
}

Test(watch, told_of_a_name_that_comes_late)
{
	struct pods_cgroup cg;

	make_dir(at("var/log/pods"));
	start();
	watch_told(w);
	tell(CGROUP_MADE, 1000001, "/kubepods/burstable/pod" UID "/" ID, 1);
	watch_tick(w);
	cr_assert(pods_by_cgroup(pods, 1000001, &cg));
	cr_expect_null(cg.pod->name);
	make_dir(at("var/log/pods/store_front_" UID));
	watch_read(w);
	cr_expect_str_eq(text(cg.pod->name), "front");
}

Test(watch, told_of_paths_that_are_no_pods)
{
	struct pods_cgroup cg;
	char longest[CGROUP_EVENT_PATH];

	start();
	watch_told(w);
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = 0;
	tell(CGROUP_MADE, 1000001, longest, 1);
	cr_expect_not(pods_by_cgroup(pods, 1000001, &cg), "cut, and not there to be asked");
	tell(CGROUP_MADE, 1000002, "/system.slice/kubelet.service", 1);
	cr_assert(pods_by_cgroup(pods, 1000002, &cg));
	cr_expect_str_eq(text(cg.unit), "system.slice/kubelet.service");
	tell(CGROUP_GONE, 1000003, "", 1);
	watch_cgroups_lost(w);
	watch_tick(w);
}

Test(watch, new_cgroup_on_demand)
{
	add_process(100, 0);
	start();
	usleep(210000);
	add_cgroup(PLAIN "/" ID, 100);
	put_containerd(K8S_IO, ID, "container", "nginx");
	expect(PLAIN "/" ID, "shop", "web-0", "nginx");
}

Test(watch, nothing_there)
{
	delete_tree(at("proc"));
	start();
	cr_expect_eq(watch_host_netns(w), 0);
	watch_tick(w);
	cr_expect_eq(watch_new(&w, pods, "/nonexistent"), -ENOENT);
}

Test(watch, hostile_names_in_files)
{
	add_cgroup(PLAIN "/" ID, 0);
	make_dir(at("var/log/pods/_" UID));
	make_dir(at("var/log/pods/a_b\033[2J_" UID));
	make_dir(at("var/log/pods/" UID));
	make_dir(at("var/log/pods/_"));
	make_dir(at("var/log/pods/__" UID));
	put(at(K8S_IO ID "/config.json"),
	    "{\"annotations\":{\"io.kubernetes.cri.sandbox-name\":\"web\\u001b[2J\","
	    "\"io.kubernetes.cri.sandbox-namespace\":7,"
	    "\"io.kubernetes.cri.container-name\":\"a/b\"}}");
	start();
	expect(PLAIN "/" ID, "-", "-", "-");
}

static int read_config(const char *json, struct oci *out)
{
	int fd = open(root, O_RDONLY | O_DIRECTORY), err;

	put(at(K8S_IO ID "/config.json"), json);
	err = oci_read(out, fd, ID);
	close(fd);
	return err;
}

Test(watch, network_namespace_of_a_configuration)
{
	struct oci oci;

	cr_expect_eq(read_config("{\"linux\":{\"namespaces\":[{\"type\":\"ipc\"}]}}", &oci), 0);
	cr_expect(oci.shares_netns);
	cr_expect_eq(read_config("{\"linux\":{\"namespaces\":[{\"type\":\"network\"}]}}", &oci), 0);
	cr_expect_not(oci.shares_netns, "a new one");
	cr_expect_str_empty(oci.netns);
	cr_expect_eq(read_config("{\"Name\":\"/docker\"}", &oci), 0);
	cr_expect_not(oci.shares_netns, "not said");
}

Test(watch, files_that_are_no_configuration)
{
	char deep[2000], *big = malloc(2 << 20);
	struct oci oci;

	memset(deep, '[', sizeof(deep));
	deep[sizeof(deep) - 1] = 0;
	memset(big, ' ', 2 << 20);
	big[(2 << 20) - 1] = 0;
	cr_expect_eq(read_config("", &oci), -EBADMSG);
	cr_expect_eq(read_config("{", &oci), -EBADMSG);
	cr_expect_eq(read_config("\x01\xff", &oci), -EBADMSG);
	cr_expect_eq(read_config(deep, &oci), -EBADMSG);
	cr_expect_eq(read_config(big, &oci), -EBADMSG);
	cr_expect_eq(read_config("[]", &oci), 0);
	cr_expect_eq(read_config("{\"annotations\":[],\"linux\":{\"namespaces\":{}}}", &oci), 0);
	cr_expect_eq(read_config("{\"linux\":{\"namespaces\":[1,null,{\"type\":3}]}}", &oci), 0);
	cr_expect_str_empty(oci.netns);
	cr_expect_eq(oci_read(&oci, AT_FDCWD, "../x"), -ENOENT);
	free(big);
}
