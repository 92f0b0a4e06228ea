/* SPDX-License-Identifier: GPL-2.0-only */
/* How kubelet and the container runtimes name their cgroups. */
#include <string.h>

#include "attribute/cgroup_path.h"

#define MAX_LEN	   4096
#define ID_LEN	   64
#define DELETED	   " (deleted)"
#define MAX_UID	   36
#define STATIC_UID 32

/* A piece of text that is not terminated. */
struct part {
	const char *s;
	size_t len;
};

struct prefix {
	const char *text;
	enum cgroup_runtime runtime;
	bool needs_scope; /* only ever made through systemd */
	bool monitor;	  /* the runtime's own process: the pod is known, it is no container */
};

static const struct prefix prefixes[] = {
	{ "cri-containerd-", CGROUP_RUNTIME_CONTAINERD, true, false },
	{ "crio-conmon-", CGROUP_RUNTIME_CRIO, false, true },
	{ "crio-", CGROUP_RUNTIME_CRIO, false, false },
	{ "docker-", CGROUP_RUNTIME_DOCKER, true, false },
	{ "nerdctl-", CGROUP_RUNTIME_CONTAINERD, true, false },
	{ "libpod-conmon-", CGROUP_RUNTIME_PODMAN, false, true },
	{ "libpod-payload-", CGROUP_RUNTIME_PODMAN, false, false },
	{ "libpod-", CGROUP_RUNTIME_PODMAN, false, false },
};

static bool equals(struct part p, const char *text)
{
	return strlen(text) == p.len && !memcmp(p.s, text, p.len);
}

static bool skip(struct part *p, const char *text)
{
	size_t len = strlen(text);

	if (p->len < len || memcmp(p->s, text, len))
		return false;
	p->s += len;
	p->len -= len;
	return true;
}

static bool chop(struct part *p, const char *text)
{
	size_t len = strlen(text);

	if (p->len < len || memcmp(p->s + p->len - len, text, len))
		return false;
	p->len -= len;
	return true;
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

static bool is_id(struct part p)
{
	if (p.len != ID_LEN)
		return false;
	for (size_t i = 0; i < p.len; i++)
		if (!is_hex(p.s[i]))
			return false;
	return true;
}

/* A pod UID that is the whole part: 8-4-4-4-12 with the given separator, or 32 digits. */
static bool take_uid(char *out, struct part p, char separator)
{
	char uid[MAX_UID + 1] = "";
	bool dash;

	if (p.len != MAX_UID && p.len != STATIC_UID)
		return false;
	for (size_t i = 0; i < p.len; i++) {
		dash = p.len == MAX_UID && (i == 8 || i == 13 || i == 18 || i == 23);
		if (dash ? p.s[i] != separator : !is_hex(p.s[i]))
			return false;
		uid[i] = dash ? '-' : p.s[i];
	}
	memcpy(out, uid, sizeof(uid));
	return true;
}

static void take_id(struct cgroup_path *out, struct part p, enum cgroup_runtime runtime)
{
	memcpy(out->container, p.s, ID_LEN);
	out->container[ID_LEN] = 0;
	out->runtime = runtime;
}

static bool skip_qos(struct part *p, enum cgroup_qos *qos)
{
	if (skip(p, "burstable"))
		*qos = CGROUP_QOS_BURSTABLE;
	else if (skip(p, "besteffort"))
		*qos = CGROUP_QOS_BESTEFFORT;
	else
		return false;
	return true;
}

/*
 * Past "kubepods" at the front or after a dash: slices carry the names of their parents, joined by
 * dashes (kubelet, pkg/kubelet/cm/cgroup_manager_linux.go, ToSystemd).
 */
static bool skip_kubepods(struct part *p)
{
	struct part rest = *p;
	size_t len;

	for (;;) {
		struct part word = rest;

		if (skip(&word, "kubepods") && (!word.len || *word.s == '-')) {
			*p = word;
			return true;
		}
		for (len = 0; len < rest.len && is_name_char(rest.s[len]); len++)
			;
		if (!len || len == rest.len || rest.s[len] != '-')
			return false;
		rest.s += len + 1;
		rest.len -= len + 1;
	}
}

/*
 * "...kubepods[-<qos>][-pod<uid>].slice", where a runtime that was told of systemd but does not use
 * it makes a directory "<slice>:cri-containerd:<id>". True if it names a pod.
 */
static bool parse_slice(struct cgroup_path *out, struct part p)
{
	enum cgroup_qos qos = CGROUP_QOS_UNKNOWN;
	const char *colon = memchr(p.s, ':', p.len);
	struct part id = { "", 0 };

	if (colon) {
		id = (struct part){ colon, p.len - (colon - p.s) };
		p.len = colon - p.s;
		if (!skip(&id, ":cri-containerd:") || !is_id(id))
			return false;
	}
	if (!chop(&p, ".slice") || !skip_kubepods(&p))
		return false;
	if (!p.len) {
		out->holds_pods = true;
		return false;
	}
	p.s++, p.len--;
	if (skip_qos(&p, &qos) && !p.len) {
		out->qos = qos;
		out->holds_pods = true;
		return false;
	}
	if (qos != CGROUP_QOS_UNKNOWN && !skip(&p, "-"))
		return false;
	if (!skip(&p, "pod") || !take_uid(out->uid, p, '_'))
		return false;
	out->qos = qos == CGROUP_QOS_UNKNOWN ? CGROUP_QOS_GUARANTEED : qos;
	if (id.len)
		take_id(out, id, CGROUP_RUNTIME_CONTAINERD);
	return true;
}

/* "<runtime>-<id>[.scope]". True if it is a container or the monitor of one. */
static bool parse_container(struct cgroup_path *out, struct part p)
{
	bool scope = chop(&p, ".scope");

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		const struct prefix *prefix = &prefixes[i];
		struct part id = p;

		if (!skip(&id, prefix->text))
			continue;
		if (!is_id(id) || (prefix->needs_scope && !scope))
			return false;
		out->runtime = prefix->runtime;
		if (!prefix->monitor)
			take_id(out, id, prefix->runtime);
		return true;
	}
	return false;
}

static bool next_part(struct part *rest, struct part *p)
{
	const char *slash;

	while (rest->len && *rest->s == '/')
		rest->s++, rest->len--;
	if (!rest->len)
		return false;
	slash = memchr(rest->s, '/', rest->len);
	p->s = rest->s;
	p->len = slash ? (size_t)(slash - rest->s) : rest->len;
	rest->s += p->len;
	rest->len -= p->len;
	return true;
}

/*
 * "kubepods[/<qos>]/pod<uid>", the form without systemd, one part after the other. `inside` is
 * whether the part before was one of the first two. True if it names a pod.
 */
static bool parse_plain(struct cgroup_path *out, struct part p, bool *inside)
{
	struct part tail = p;
	enum cgroup_qos qos;

	if (equals(p, "kubepods")) {
		*inside = out->holds_pods = true;
		out->qos = CGROUP_QOS_UNKNOWN;
		return false;
	}
	if (!*inside)
		return false;
	if (out->qos == CGROUP_QOS_UNKNOWN && skip_qos(&tail, &qos) && !tail.len) {
		out->qos = qos;
		out->holds_pods = true;
		return false;
	}
	*inside = false;
	if (!skip(&p, "pod") || !take_uid(out->uid, p, '-'))
		return false;
	if (out->qos == CGROUP_QOS_UNKNOWN)
		out->qos = CGROUP_QOS_GUARANTEED;
	return true;
}

/* The outermost container of a path without a pod. */
static void find_container(struct cgroup_path *out, struct part rest)
{
	enum cgroup_runtime runtime;
	struct part p, before = { "", 0 };

	for (; next_part(&rest, &p); before = p) {
		if (parse_container(out, p))
			return;
		if (!is_id(p))
			continue;
		if (equals(before, "docker"))
			runtime = CGROUP_RUNTIME_DOCKER;
		else if (equals(before, "k8s.io"))
			runtime = CGROUP_RUNTIME_CONTAINERD;
		else if (!before.len)
			runtime = CGROUP_RUNTIME_UNKNOWN;
		else
			continue;
		take_id(out, p, runtime);
		return;
	}
}

/* The path up to its last service or scope: what is below is made by the unit itself. */
static void take_unit(struct cgroup_path *out, struct part rest)
{
	static const char *const kinds[] = { ".service", ".scope", ".socket", ".mount", ".swap" };
	struct part p, whole, walk;
	size_t len = 0;

	while (skip(&rest, "/") || skip(&rest, "../"))
		;
	whole = rest;
	walk = rest;
	while (next_part(&walk, &p))
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
			struct part name = p;

			if (chop(&name, kinds[i]))
				len = p.s + p.len - whole.s;
		}
	if (!len)
		len = whole.len;
	if (len >= sizeof(out->unit))
		len = sizeof(out->unit) - 1;
	for (size_t i = 0; i < len; i++)
		out->unit[i] = whole.s[i] > ' ' && whole.s[i] < 0x7f ? whole.s[i] : '?';
	out->unit[len] = 0;
}

void cgroup_path_parse(struct cgroup_path *out, const char *path, size_t len)
{
	struct part all = { path, len < MAX_LEN ? len : MAX_LEN };
	struct part rest, p;
	bool inside = false;

	memset(out, 0, sizeof(*out));
	chop(&all, DELETED);
	/* the outermost pod is the one this node's kubelet made */
	for (rest = all; next_part(&rest, &p);) {
		out->holds_pods = false;
		if (!parse_slice(out, p) && !parse_plain(out, p, &inside))
			continue;
		/* directly below the pod, or nowhere */
		if (out->container[0] || !next_part(&rest, &p))
			return;
		if (!parse_container(out, p) && is_id(p))
			take_id(out, p, CGROUP_RUNTIME_UNKNOWN);
		return;
	}
	find_container(out, all);
	take_unit(out, all);
}

const char *cgroup_runtime_name(enum cgroup_runtime runtime)
{
	static const char *const names[] = { NULL, "containerd", "cri-o", "docker", "podman" };

	return names[runtime];
}

const char *cgroup_qos_name(enum cgroup_qos qos)
{
	static const char *const names[] = { NULL, "guaranteed", "burstable", "besteffort" };

	return names[qos];
}
