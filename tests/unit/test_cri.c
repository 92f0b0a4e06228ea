/* SPDX-License-Identifier: GPL-2.0-only */
/* Answers of container runtimes: pods and labels, half ones, and a runtime that misbehaves. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cri/call.h"
#include "cri/sandboxes.h"

#define UID "3f5c1d2e-8a4b-4c1d-9e0f-001122334455"

/* A message in the making; all texts here are shorter than 128. */
struct message {
	uint8_t data[8192];
	size_t size;
};

static void put(struct message *m, uint8_t number, const void *text, size_t size)
{
	cr_assert(m->size + size + 3 <= sizeof(m->data));
	m->data[m->size++] = number << 3 | 2;
	if (size >= 128)
		m->data[m->size++] = (size & 127) | 128;
	m->data[m->size++] = size >= 128 ? size >> 7 : size;
	memcpy(m->data + m->size, text, size);
	m->size += size;
}

static void put_text(struct message *m, uint8_t number, const char *text)
{
	put(m, number, text, strlen(text));
}

static void put_label(struct message *sandbox, const char *key, const char *value)
{
	struct message label = { .size = 0 };

	put_text(&label, 1, key);
	put_text(&label, 2, value);
	put(sandbox, 5, label.data, label.size);
}

static struct message sandbox(const char *uid, const char *name)
{
	struct message m = { .size = 0 }, metadata = { .size = 0 };

	put_text(&m, 1, "0123456789abcdef");
	put_text(&metadata, 1, name);
	put_text(&metadata, 2, uid);
	put_text(&metadata, 3, "shop");
	put(&m, 2, metadata.data, metadata.size);
	return m;
}

struct seen {
	int count;
	struct cri_sandbox last;
};

static void see(const struct cri_sandbox *s, void *arg)
{
	struct seen *seen = arg;

	seen->count++;
	seen->last = *s;
}

/* The answer with this one pod, read from memory of its own. */
static int read_one(const struct message *m, struct seen *seen)
{
	struct message list = { .size = 0 };
	uint8_t *copy;
	int err;

	*seen = (struct seen){ 0 };
	put(&list, 1, m->data, m->size);
	copy = malloc(list.size);
	cr_assert(copy);
	memcpy(copy, list.data, list.size);
	err = cri_sandboxes(copy, list.size, see, seen);
	free(copy);
	return err;
}

Test(cri, labels_are_sorted_and_kubelets_own_left_out)
{
	struct message m = sandbox(UID, "web-0");
	struct seen seen;

	put_label(&m, "tier", "front");
	put_label(&m, "io.kubernetes.pod.name", "web-0");
	put_label(&m, "app.kubernetes.io/name", "web");
	put_label(&m, "app", "");
	cr_assert_eq(read_one(&m, &seen), 0);
	cr_assert_eq(seen.count, 1);
	cr_assert_str_eq(seen.last.uid, UID);
	cr_assert_str_eq(seen.last.ns, "shop");
	cr_assert_str_eq(seen.last.name, "web-0");
	cr_assert_str_eq(seen.last.labels, "app=\napp.kubernetes.io/name=web\ntier=front\n");
}

Test(cri, what_is_no_label_leaves_the_pod_unknown)
{
	static const char *const bad[][2] = {
		{ "", "x" },	   { "a=b", "x" }, { "app", "two\nlines" },
		{ "app", "\xff" }, { "a b", "x" },
	};
	struct seen seen;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct message m = sandbox(UID, "web-0");

		put_label(&m, bad[i][0], bad[i][1]);
		cr_assert_eq(read_one(&m, &seen), 0);
		cr_assert_eq(seen.count, 0, "label %zu", i);
	}
}

Test(cri, labels_that_are_too_many_are_not_cut)
{
	struct message m = sandbox(UID, "web-0");
	char key[64], value[64] = { 0 };
	struct seen seen;
	int i;

	memset(value, 'v', 60);
	for (i = 0; i < 31; i++) { /* 66 bytes each: 2046 */
		snprintf(key, sizeof(key), "k%03d", i);
		put_label(&m, key, value);
	}
	cr_assert_eq(read_one(&m, &seen), 0);
	cr_assert_eq(seen.count, 1);
	cr_assert_eq(strlen(seen.last.labels), 2046);
	put_label(&m, "z", "");
	cr_assert_eq(read_one(&m, &seen), 0);
	cr_assert_eq(seen.count, 0);
	m = sandbox(UID, "web-0");
	for (i = 0; i < 129; i++) {
		snprintf(key, sizeof(key), "%d", i);
		put_label(&m, key, "");
	}
	cr_assert_eq(read_one(&m, &seen), 0);
	cr_assert_eq(seen.count, 0);
}

Test(cri, a_pod_without_uid_or_with_a_long_one)
{
	struct message m = sandbox("", "web-0");
	struct seen seen;

	cr_assert_eq(read_one(&m, &seen), 0);
	cr_assert_eq(seen.count, 0);
	m = sandbox(UID "0", "web-0");
	cr_assert_eq(read_one(&m, &seen), 0);
	cr_assert_eq(seen.count, 0);
}

Test(cri, every_cut_of_an_answer_is_refused_or_shorter)
{
	struct message m = sandbox(UID, "web-0"), list = { .size = 0 };
	struct seen seen;

	put_label(&m, "app", "web");
	put(&list, 1, m.data, m.size);
	for (size_t size = 1; size < list.size; size++) {
		uint8_t *copy = malloc(size);

		seen = (struct seen){ 0 };
		cr_assert(copy);
		memcpy(copy, list.data, size);
		cr_assert_eq(cri_sandboxes(copy, size, see, &seen), -EBADMSG, "%zu bytes", size);
		cr_assert_eq(seen.count, 0);
		free(copy);
	}
}

Test(cri, nobody_there)
{
	struct cri_call *c;
	char path[200];

	cr_assert_eq(cri_call_new(&c, "no/such/socket", "/m"), -ENOENT);
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = 0;
	cr_assert_eq(cri_call_new(&c, path, "/m"), -ENAMETOOLONG);
}

/* What a call says after a server has sent these bytes and perhaps closed. */
static int after(const void *bytes, size_t size, bool closes)
{
	char dir[] = "/tmp/whydrop-unit-XXXXXX";
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int server = socket(AF_UNIX, SOCK_STREAM, 0), peer, err;
	struct cri_call *c;

	cr_assert_not_null(mkdtemp(dir));
	snprintf(at.sun_path, sizeof(at.sun_path), "%s/cri.sock", dir);
	cr_assert_eq(bind(server, (void *)&at, sizeof(at)), 0);
	cr_assert_eq(listen(server, 1), 0);
	cr_assert_eq(cri_call_new(&c, at.sun_path, "/m"), 0);
	peer = accept(server, NULL, NULL);
	cr_assert(peer >= 0);
	cr_assert_eq(write(peer, bytes, size), (ssize_t)size);
	if (closes)
		shutdown(peer, SHUT_WR);
	err = cri_call_go_on(c);
	cri_call_free(c);
	close(peer);
	close(server);
	unlink(at.sun_path);
	rmdir(dir);
	return err;
}

/* Frames of RFC 9113: length, type, flags, stream; then the payload. */
#define SETTINGS "\0\0\0\x04\0\0\0\0\0"
#define HEADERS	 "\0\0\x01\x01\x04\0\0\0\x01\x88" /* :status 200 */
/* literal without indexing: grpc-status and one digit */
#define TRAILERS(digit) "\0\0\x0f\x01\x05\0\0\0\x01\0\x0bgrpc-status\x01" digit
#define NOT_KNOWN                                                                                  \
	"\0\0\x10\x01\x05\0\0\0\x01\0\x0bgrpc-status\x02"                                          \
	"12"
#define DATA(length) "\0\0" length "\0\0\0\0\0\x01"

Test(cri, a_runtime_that_answers_and_some_that_do_not)
{
#define AFTER(closes, bytes) after(bytes, sizeof(bytes) - 1, closes)
	cr_assert_eq(AFTER(false, SETTINGS), 0);
	cr_assert_eq(AFTER(true, SETTINGS), -ECONNRESET);
	cr_assert_eq(AFTER(false, SETTINGS HEADERS DATA("\x05") "\0\0\0\0\0" TRAILERS("0")), 1);
	cr_assert_eq(AFTER(false, SETTINGS HEADERS DATA("\x05") "\0\0\0\0\x01" TRAILERS("0")),
		     -EPROTO);
	cr_assert_eq(AFTER(false, SETTINGS HEADERS DATA("\x05") "\x01\0\0\0\0" TRAILERS("0")),
		     -EPROTO);
	cr_assert_eq(AFTER(false, SETTINGS HEADERS TRAILERS("0")), -EPROTO);
	cr_assert_eq(AFTER(false, SETTINGS HEADERS TRAILERS("5")), -EPROTO);
	cr_assert_eq(AFTER(false, SETTINGS HEADERS NOT_KNOWN), -ENOSYS);
	cr_assert_eq(AFTER(true, "HTTP/1.1 400 Bad Request\r\n\r\n"), -EPROTO);
	cr_assert_eq(AFTER(false, SETTINGS HEADERS DATA("\x05") "\0\0\0\0\0"), 0);
}
