/* SPDX-License-Identifier: GPL-2.0-only */
/* Which fields of the runtime's answer hold what, and what passes for a label. */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/protobuf.h"
#include "cri/sandboxes.h"

#define MAX_LABELS 128

/* Field numbers of k8s.io/cri-api/pkg/apis/runtime/v1/api.proto; those of v1alpha2 are the same. */
enum {
	LIST_ITEMS = 1,
	SANDBOX_METADATA = 2,
	SANDBOX_LABELS = 5,
	METADATA_NAME = 1,
	METADATA_UID = 2,
	METADATA_NAMESPACE = 3,
	LABEL_KEY = 1,
	LABEL_VALUE = 2,
};

struct label {
	const uint8_t *key, *value;
	size_t key_size, value_size;
};

/* kubelet adds the pod's name, namespace and uid as labels: these are told anyway. */
#define OWN_PREFIX "io.kubernetes.pod."

/* Names and both parts of a label consist of these, so that a label ends at its newline (RFC 1123; apimachinery
 * labels syntax). */
static bool is_plain(const uint8_t *s, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (!isalnum(s[i]) && !(s[i] && strchr("-._/", s[i])))
			return false;
	return true;
}

static bool copy(char *out, size_t room, const struct protobuf_field *f)
{
	if (!f->is_text || f->size >= room || !is_plain(f->data, f->size))
		return false;
	memcpy(out, f->data, f->size);
	out[f->size] = 0;
	return true;
}

static bool read_metadata(struct cri_sandbox *s, const struct protobuf_field *message)
{
	struct protobuf p = { message->data, message->size, false };
	struct protobuf_field f;
	bool good = message->is_text;

	while (good && protobuf_next(&p, &f)) {
		if (f.number == METADATA_NAME)
			good = copy(s->name, sizeof(s->name), &f);
		else if (f.number == METADATA_UID)
			good = copy(s->uid, sizeof(s->uid), &f);
		else if (f.number == METADATA_NAMESPACE)
			good = copy(s->ns, sizeof(s->ns), &f);
	}
	return good && !p.failed;
}

static bool read_label(struct label *l, const struct protobuf_field *message)
{
	struct protobuf p = { message->data, message->size, false };
	struct protobuf_field f;

	*l = (struct label){ 0 };
	if (!message->is_text)
		return false;
	while (protobuf_next(&p, &f)) {
		if (!f.is_text)
			return false;
		if (f.number == LABEL_KEY) {
			l->key = f.data;
			l->key_size = f.size;
		} else if (f.number == LABEL_VALUE) {
			l->value = f.data;
			l->value_size = f.size;
		}
	}
	return !p.failed && l->key_size && is_plain(l->key, l->key_size) &&
	       is_plain(l->value, l->value_size);
}

static bool is_own(const struct label *l)
{
	return l->key_size >= strlen(OWN_PREFIX) && !memcmp(l->key, OWN_PREFIX, strlen(OWN_PREFIX));
}

static int by_key(const void *a, const void *b)
{
	const struct label *x = a, *y = b;
	size_t size = x->key_size < y->key_size ? x->key_size : y->key_size;
	int order = memcmp(x->key, y->key, size);

	return order ? order : (x->key_size > y->key_size) - (x->key_size < y->key_size);
}

static bool write_labels(char *out, struct label *labels, size_t count)
{
	size_t len = 0;

	qsort(labels, count, sizeof(*labels), by_key);
	for (size_t i = 0; i < count; i++) {
		const struct label *l = &labels[i];

		if (l->key_size + l->value_size + 3 > CRI_LABELS - len)
			return false;
		memcpy(out + len, l->key, l->key_size);
		len += l->key_size;
		out[len++] = '=';
		if (l->value_size)
			memcpy(out + len, l->value, l->value_size);
		len += l->value_size;
		out[len++] = '\n';
	}
	out[len] = 0;
	return true;
}

static bool read_sandbox(struct cri_sandbox *s, const struct protobuf_field *message)
{
	struct protobuf p = { message->data, message->size, false };
	struct label labels[MAX_LABELS];
	struct protobuf_field f;
	size_t count = 0;
	bool good = true;

	s->uid[0] = s->ns[0] = s->name[0] = 0;
	while (good && protobuf_next(&p, &f)) {
		if (f.number == SANDBOX_METADATA) {
			good = read_metadata(s, &f);
		} else if (f.number == SANDBOX_LABELS) {
			good = count < MAX_LABELS && read_label(&labels[count], &f);
			count += good && !is_own(&labels[count]);
		}
	}
	return good && !p.failed && s->uid[0] && write_labels(s->labels, labels, count);
}

int cri_sandboxes(const uint8_t *answer, size_t size, cri_sandbox_fn fn, void *arg)
{
	struct protobuf p = { answer, size, false };
	struct protobuf_field f;
	struct cri_sandbox s;

	while (protobuf_next(&p, &f)) {
		if (f.number != LIST_ITEMS)
			continue;
		if (!f.is_text)
			return -EBADMSG;
		if (read_sandbox(&s, &f))
			fn(&s, arg);
	}
	return p.failed ? -EBADMSG : 0;
}
