/* SPDX-License-Identifier: GPL-2.0-only */
/* What to do about a TCP socket without room: whether it is the reader or the buffer, and who sizes that. */
#include "classify/advice.h"
#include "fields.h"

#define KIB 1024ULL

static unsigned long long number(const char *field, const struct drop *d, const struct host *h)
{
	return field_number(field, d, h);
}

/* The next power of two that is at least half as much again. */
static unsigned long long more_than(unsigned long long bytes)
{
	unsigned long long want = 64 * KIB;

	while (want < bytes + bytes / 2)
		want *= 2;
	return want;
}

/*
 * Who limits the buffer: the application, which has set SO_RCVBUF (the kernel counts twice what was
 * asked for), or tcp_rmem[2], to which autotuning lets it grow. net.core.rmem_max has no say in the
 * latter.
 */
static void size_buffer(struct strbuf *out, const struct drop *d, const struct host *h)
{
	unsigned long long buffer = number("receive_buffer_bytes", d, h);
	unsigned long long most = number("netns_tcp_rmem_max", d, h);
	unsigned long long used = number("receive_queue_bytes", d, h);

	if (number("receive_buffer_fixed", d, h))
		strbuf_printf(out,
			      "The application has set SO_RCVBUF to %llu, so the buffer does not "
			      "grow by itself: let it set none, or %llu (and net.core.rmem_max as "
			      "much)",
			      buffer / 2, more_than(used > buffer ? used : buffer) / 2);
	else if (buffer < most)
		strbuf_printf(out,
			      "The buffer has grown to %llu of the %llu that net.ipv4.tcp_rmem[2] "
			      "allows; it grows as the application reads",
			      buffer, most);
	else
		strbuf_printf(out,
			      "The buffer has reached net.ipv4.tcp_rmem[2] (%llu): set the third "
			      "number of net.ipv4.tcp_rmem to %llu in the pod's namespace",
			      most, more_than(most));
}

bool advise_tcp_receive_buffer(struct strbuf *out, const struct drop *d, const struct host *h)
{
	unsigned long long unread = number("unread_bytes", d, h);
	unsigned long long used = number("receive_queue_bytes", d, h);

	if (d->ev->detail_kind != DETAIL_RECEIVER)
		return false;
	if (unread && unread >= used / 4)
		strbuf_printf(out,
			      "%llu bytes of data wait to be read: the application reads too "
			      "slowly, see what holds it up. ",
			      unread);
	else
		strbuf_printf(out,
			      "Only %llu bytes wait to be read, in %llu bytes of buffers: the "
			      "segments are small or out of order. ",
			      unread, used);
	size_buffer(out, d, h);
	strbuf_putc(out, '.');
	return true;
}

bool advise_tcp_backlog(struct strbuf *out, const struct drop *d, const struct host *h)
{
	if (d->ev->detail_kind != DETAIL_RECEIVER)
		return false;
	strbuf_printf(
		out,
		"The application is inside one call on this socket for long, and %llu bytes "
		"came meanwhile: let it read in smaller portions, see whether its buffers are "
		"swapped out or it lacks CPU. ",
		number("socket_backlog_bytes", d, h));
	size_buffer(out, d, h);
	strbuf_puts(out, "; the backlog's limit follows the buffer.");
	return true;
}

bool advise_tcp_pruned(struct strbuf *out, const struct drop *d, const struct host *h)
{
	if (d->ev->detail_kind != DETAIL_RECEIVER)
		return false;
	strbuf_puts(out, "Find the loss that makes the gaps in the stream first. ");
	size_buffer(out, d, h);
	strbuf_putc(out, '.');
	return true;
}

bool advise_tcp_window(struct strbuf *out, const struct drop *d, const struct host *h)
{
	if (d->ev->detail_kind != DETAIL_RECEIVER)
		return false;
	strbuf_printf(out,
		      "%llu bytes wait to be read and the window is closed: find out why the "
		      "application does not read; a larger buffer only delays this.",
		      number("unread_bytes", d, h));
	return true;
}
