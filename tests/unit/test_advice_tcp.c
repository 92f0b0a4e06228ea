/* SPDX-License-Identifier: GPL-2.0-only */
/* What is advised for TCP sockets and listeners, by who limits what. */
#include <criterion/criterion.h>
#include <string.h>

#include <linux/types.h>

#include "classify/advice.h"
#include "classify/classify.h"

static char text[ADVICE_SIZE];

static const char *advise(const char *cause, struct event *ev)
{
	struct verdict v = { .cause = cause_find(cause) };
	struct drop d = { .ev = ev, .verdict = &v };
	struct host h = { .rmem_max = 212992 };
	struct strbuf b;

	cr_assert_not_null(v.cause, "%s", cause);
	strbuf_init(&b, text, sizeof(text));
	advice(&b, &d, &h);
	cr_expect_not(b.truncated, "%s", cause);
	return text;
}

#define SAYS(cause, ev, part)                                                                      \
	cr_expect(strstr(advise(cause, ev), part), "%s: no '%s' in: %s", cause, part, text)
#define SAYS_NOT(cause, ev, part)                                                                  \
	cr_expect_not(strstr(advise(cause, ev), part), "%s: '%s' in: %s", cause, part, text)

static struct event receiver(bool fixed, unsigned int buffer, unsigned int most)
{
	return (struct event){
		.sk_rmem = 700000,
		.sk_rcvbuf = buffer,
		.sk_backlog_len = 90000,
		.detail_kind = DETAIL_RECEIVER,
		.detail.receiver = { .unread = 500000, .buffer_fixed = fixed, .rmem_max = most },
	};
}

Test(advice_tcp, a_buffer_the_application_set)
{
	struct event ev = receiver(true, 400000, 6291456);

	SAYS("tcp-receive-buffer-full", &ev, "SO_RCVBUF to 200000");
	SAYS("tcp-receive-buffer-full", &ev, "set none, or 1048576");
	SAYS("tcp-receive-buffer-full", &ev, "reads too slowly");
	SAYS("tcp-out-of-order-pruned", &ev, "SO_RCVBUF");
	SAYS("tcp-backlog-full", &ev, "SO_RCVBUF");
}

Test(advice_tcp, an_autotuned_buffer_is_never_limited_by_rmem_max)
{
	static const char *const full[] = { "tcp-receive-buffer-full", "tcp-out-of-order-pruned",
					    "tcp-backlog-full" };
	struct event ev = receiver(false, 6291456, 6291456);

	for (size_t i = 0; i < 3; i++) {
		SAYS(full[i], &ev, "third number of net.ipv4.tcp_rmem to 16777216");
		SAYS_NOT(full[i], &ev, "rmem_max");
		SAYS_NOT(full[i], &ev, "SO_RCVBUF");
	}
}

Test(advice_tcp, a_buffer_that_may_still_grow)
{
	struct event ev = receiver(false, 131072, 6291456);

	SAYS("tcp-receive-buffer-full", &ev, "grown to 131072 of the 6291456");
}

Test(advice_tcp, little_data_in_much_memory_is_not_the_readers_fault)
{
	struct event ev = receiver(false, 6291456, 6291456);

	ev.detail.receiver.unread = 1000;
	SAYS("tcp-receive-buffer-full", &ev, "segments are small or out of order");
	SAYS_NOT("tcp-receive-buffer-full", &ev, "reads too slowly");
}

Test(advice_tcp, a_closed_window_is_the_readers)
{
	struct event ev = receiver(false, 131072, 6291456);

	SAYS("tcp-zero-window", &ev, "500000 bytes wait to be read");
	SAYS_NOT("tcp-zero-window", &ev, "tcp_rmem");
}

Test(advice_tcp, without_evidence_the_remedy_stands)
{
	struct event ev = { 0 };

	cr_expect_str_eq(advise("tcp-receive-buffer-full", &ev),
			 cause_find("tcp-receive-buffer-full")->remedy);
	cr_expect_str_eq(advise("tcp-zero-window", &ev), cause_find("tcp-zero-window")->remedy);
}

static struct event listener(unsigned int limit, unsigned int somaxconn, unsigned int cookies)
{
	return (struct event){
		.detail_kind = DETAIL_LISTEN,
		.detail.listen = { .accept_queue = limit + 1,
				   .accept_limit = limit,
				   .syn_queue = limit,
				   .somaxconn = somaxconn,
				   .max_syn_backlog = 256,
				   .syncookies = cookies },
	};
}

Test(advice_tcp, the_smaller_of_backlog_and_somaxconn_rules)
{
	struct event small = listener(128, 4096, 1), sysctl = listener(128, 128, 1);
	struct event large = listener(4096, 4096, 1);

	SAYS("accept-queue-full", &small, "backlog the application gives to listen()");
	SAYS_NOT("accept-queue-full", &small, "accepts too slowly");
	SAYS("accept-queue-full", &sysctl, "set net.core.somaxconn=256");
	SAYS("accept-queue-full", &large, "accepts too slowly");
}

Test(advice_tcp, cookies_are_only_offered_where_they_are_off)
{
	struct event off = listener(128, 4096, 0), on = listener(128, 4096, 1);

	SAYS("syn-queue-full", &off, "tcp_syncookies=1");
	SAYS_NOT("syn-cookies-sent", &on, "tcp_syncookies=1");
	SAYS_NOT("syn-queue-full", &off, "max_syn_backlog");
}

Test(advice_tcp, max_syn_backlog_only_where_it_rules)
{
	struct event ev = listener(4096, 4096, 0);

	ev.key.note = NOTE(NOTE_SYN_OTHER, SYN_OTHER_LAST_QUARTER);
	SAYS("syn-refused-other", &ev, "net.ipv4.tcp_max_syn_backlog=512");
	ev.key.note = NOTE(NOTE_SYN_OTHER, SYN_OTHER_NO_ROUTE);
	SAYS("syn-refused-other", &ev, "no route back");
	SAYS_NOT("syn-refused-other", &ev, "max_syn_backlog");
	ev.key.note = NOTE(NOTE_SYN_OTHER, SYN_OTHER_UNKNOWN);
	cr_expect_str_eq(advise("syn-refused-other", &ev), cause_find("syn-refused-other")->remedy);
}
