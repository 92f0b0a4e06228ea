/* SPDX-License-Identifier: GPL-2.0-only */
/* Where each runtime keeps its containers' configuration, and under which keys the names are. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attribute/oci.h"

#define MAX_SIZE  (1 << 20)
#define MAX_DEPTH 32

#define TASKS "io.containerd.runtime.v2.task"

/* Before and after the container's id. */
static const char *const places[][2] = {
	{ "run/containerd/" TASKS "/k8s.io/", "/config.json" },
	{ "run/k3s/containerd/" TASKS "/k8s.io/", "/config.json" },
	{ "var/snap/microk8s/common/run/containerd/" TASKS "/k8s.io/", "/config.json" },
	{ "run/containers/storage/overlay-containers/", "/userdata/config.json" },
	{ "var/lib/containers/storage/overlay-containers/", "/userdata/config.json" },
	{ "var/lib/docker/containers/", "/config.v2.json" },
};

/* Annotations (OCI) and labels (docker) by what they tell; the first found wins. */
static const struct {
	size_t offset, size;
	const char *key;
} keys[] = {
#define KEY(member, key)                                                                           \
	{                                                                                          \
		offsetof(struct oci, member), sizeof(((struct oci *)0)->member), key               \
	}
	KEY(ns, "io.kubernetes.cri.sandbox-namespace"),
	KEY(ns, "io.kubernetes.pod.namespace"),
	KEY(ns, "io.kubernetes.cri-o.Namespace"),
	KEY(pod, "io.kubernetes.cri.sandbox-name"),
	KEY(pod, "io.kubernetes.pod.name"),
	KEY(pod, "io.kubernetes.cri-o.KubeName"),
	KEY(uid, "io.kubernetes.cri.sandbox-uid"),
	KEY(uid, "io.kubernetes.pod.uid"),
	KEY(container, "io.kubernetes.cri.container-name"),
	KEY(container, "io.kubernetes.container.name"),
	KEY(container, "io.kubernetes.cri-o.ContainerName"),
#undef KEY
};

static const char *const type_keys[] = {
	"io.kubernetes.cri.container-type",
	"io.kubernetes.cri-o.ContainerType",
	"io.kubernetes.docker.type",
};

bool oci_is_name(const char *s)
{
	if (!*s)
		return false;
	for (; *s; s++)
		if (!isalnum((unsigned char)*s) && !strchr("-._", *s))
			return false;
	return true;
}

static const char *text_at(struct json_object *o, const char *key)
{
	struct json_object *value;

	if (!o || !json_object_is_type(o, json_type_object) ||
	    !json_object_object_get_ex(o, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return NULL;
	return json_object_get_string(value);
}

static struct json_object *object_at(struct json_object *o, const char *key)
{
	struct json_object *value;

	if (!o || !json_object_is_type(o, json_type_object) ||
	    !json_object_object_get_ex(o, key, &value))
		return NULL;
	return value;
}

static void take_names(struct oci *out, struct json_object *labels)
{
	const char *text;
	char *field;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		field = (char *)out + keys[i].offset;
		text = text_at(labels, keys[i].key);
		if (!*field && text && strlen(text) < keys[i].size && oci_is_name(text))
			strcpy(field, text);
	}
	for (size_t i = 0; i < sizeof(type_keys) / sizeof(type_keys[0]); i++) {
		text = text_at(labels, type_keys[i]);
		if (text && (!strcmp(text, "sandbox") || !strcmp(text, "podsandbox")))
			out->sandbox = true;
	}
}

/* OCI: linux.namespaces is a list of { type, path }; what is not in it is shared with the runtime. */
static void take_netns(struct oci *out, struct json_object *root)
{
	struct json_object *list = object_at(object_at(root, "linux"), "namespaces"), *o;
	const char *type, *path;

	if (!list || !json_object_is_type(list, json_type_array))
		return;
	out->shares_netns = true;
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		o = json_object_array_get_idx(list, i);
		type = text_at(o, "type");
		path = text_at(o, "path");
		if (!type || strcmp(type, "network") != 0)
			continue;
		out->shares_netns = false;
		if (path && strlen(path) < sizeof(out->netns))
			strcpy(out->netns, path);
	}
}

static void take_docker(struct oci *out, struct json_object *root)
{
	const char *name = text_at(root, "Name");
	const char *path = text_at(object_at(root, "NetworkSettings"), "SandboxKey");

	take_names(out, object_at(object_at(root, "Config"), "Labels"));
	if (name && *name == '/')
		name++;
	if (!out->container[0] && name && strlen(name) < sizeof(out->container) &&
	    oci_is_name(name))
		strcpy(out->container, name);
	if (path && strlen(path) < sizeof(out->netns))
		strcpy(out->netns, path);
}

static int parse(struct oci *out, const char *text, size_t size)
{
	struct json_tokener *tok = json_tokener_new_ex(MAX_DEPTH);
	struct json_object *root;

	if (!tok)
		return -ENOMEM;
	root = json_tokener_parse_ex(tok, text, (int)size);
	json_tokener_free(tok);
	if (!root)
		return -EBADMSG;
	take_names(out, object_at(root, "annotations"));
	take_netns(out, root);
	take_docker(out, root);
	json_object_put(root);
	return 0;
}

static int read_file(struct oci *out, int fd)
{
	struct stat st;
	char *text;
	size_t len = 0;
	ssize_t n = 1;
	int err;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_size > MAX_SIZE)
		return -EBADMSG;
	text = malloc(st.st_size + 1);
	if (!text)
		return -ENOMEM;
	while (len < (size_t)st.st_size && n > 0) {
		n = read(fd, text + len, st.st_size - len);
		len += n > 0 ? n : 0;
	}
	err = n < 0 ? -errno : parse(out, text, len);
	free(text);
	return err;
}

int oci_read(struct oci *out, int root_fd, const char *id)
{
	int err = -ENOENT, fd;
	char path[512];

	memset(out, 0, sizeof(*out));
	if (!oci_is_name(id) || *id == '.')
		return err;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && err == -ENOENT; i++) {
		if ((size_t)snprintf(path, sizeof(path), "%s%s%s", places[i][0], id,
				     places[i][1]) >= sizeof(path))
			continue;
		fd = openat(root_fd, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		if (fd < 0)
			continue;
		err = read_file(out, fd);
		close(fd);
	}
	return err;
}
