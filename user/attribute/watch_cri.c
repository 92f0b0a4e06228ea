/* SPDX-License-Identifier: GPL-2.0-only */
/* When the runtime is asked for the labels of pods, which no file has, and what its silence costs. */
#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>

#include "attribute/watch_impl.h"
#include "base/log.h"
#include "cri/call.h"
#include "cri/sandboxes.h"

#define FIRST_NS  (1000 * WATCH_MS)  /* for the first answer, which the start waits for */
#define LIMIT_NS  (2000 * WATCH_MS)  /* for any other */
#define SOON_NS	  (100 * WATCH_MS)   /* between two questions while pods are made ... */
#define LATEST_NS (60000 * WATCH_MS) /* ... doubled up to this while nothing new is heard */

static void take_sandbox(const struct cri_sandbox *s, void *arg)
{
	struct watch *w = arg;
	struct pod *pod = pods_by_uid(w->pods, s->uid);

	if (!pod)
		return;
	if (!pod->labels)
		pods_set_labels(w->pods, pod, s->labels);
	if (!pod->name && s->ns[0] && s->name[0])
		pods_set_name(w->pods, pod, s->ns, s->name);
}

/* Said once: a runtime that is made anew again and again is the runtime's affair. */
static void fail(struct watch_cri *c, int err)
{
	c->failed = true;
	if (!c->told)
		log_warn(err,
			 "--cri %s: no answer from a container runtime: names still come from "
			 "files, but pods have no labels, and --label holds none of these back; "
			 "it is asked again",
			 c->path);
	c->told = true;
}

static void end(struct watch *w, int err)
{
	struct watch_cri *c = &w->cri;
	const uint8_t *answer;
	size_t size;

	if (err > 0) {
		answer = cri_call_answer(c->call, &size);
		err = cri_sandboxes(answer, size, take_sandbox, w);
	}
	cri_call_free(c->call);
	c->call = NULL;
	c->next_ns = w->now_ns + c->wait_ns;
	c->wait_ns = 2 * c->wait_ns < LATEST_NS ? 2 * c->wait_ns : LATEST_NS;
	if (err == -ENOSYS && !c->older) {
		c->older = true;
		c->next_ns = w->now_ns;
	} else if (err) {
		fail(c, err);
	} else {
		c->failed = false;
	}
}

/* Runtimes of before 2022 serve the same under another name. */
static void begin(struct watch *w)
{
	struct watch_cri *c = &w->cri;
	struct epoll_event ev = { .events = EPOLLIN };
	int err = cri_call_new(&c->call, c->path,
			       c->older ? "/runtime.v1alpha2.RuntimeService/ListPodSandbox"
					: "/runtime.v1.RuntimeService/ListPodSandbox");

	c->begun_ns = w->now_ns;
	if (!err) {
		ev.data.fd = cri_call_fd(c->call);
		err = epoll_ctl(w->epoll_fd, EPOLL_CTL_ADD, ev.data.fd, &ev) ? -errno : 0;
	}
	if (err)
		end(w, err);
}

static bool any_unlabelled(const struct watch *w)
{
	const struct pod *pod;
	uint32_t pos = 0;

	while ((pod = pods_next(w->pods, &pos)))
		if (!pod->labels && !pod->terminated)
			return true;
	return false;
}

static void go_on(struct watch *w, uint64_t limit_ns)
{
	int err = cri_call_go_on(w->cri.call);

	if (!err && w->now_ns >= w->cri.begun_ns + limit_ns)
		err = -ETIMEDOUT;
	if (err)
		end(w, err);
}

void watch_cri_tick(struct watch *w)
{
	struct watch_cri *c = &w->cri;

	if (!c->path)
		return;
	if (c->call) {
		go_on(w, LIMIT_NS);
		return;
	}
	/* a pod that was just made is in the answer when its sandbox is ready */
	if (c->newest_ns != w->newest_ns) {
		c->newest_ns = w->newest_ns;
		c->wait_ns = SOON_NS;
		if (c->next_ns > c->begun_ns + SOON_NS)
			c->next_ns = c->begun_ns + SOON_NS;
	}
	if (w->now_ns >= c->next_ns && any_unlabelled(w))
		begin(w);
}

bool watch_cri_hopes(const struct watch *w)
{
	return w->cri.path && !w->cri.failed;
}

static void ask_and_wait(struct watch *w)
{
	struct watch_cri *c = &w->cri;
	struct pollfd ready = { .events = POLLIN };

	begin(w);
	while (c->call) {
		ready.fd = cri_call_fd(c->call);
		poll(&ready, 1, 10);
		watch_now(w);
		go_on(w, FIRST_NS);
	}
}

void watch_ask_runtime(struct watch *w, const char *socket)
{
	w->cri = (struct watch_cri){ .path = socket, .wait_ns = SOON_NS };
	watch_now(w);
	ask_and_wait(w);
	if (w->cri.older)
		ask_and_wait(w);
}
