/* SPDX-License-Identifier: GPL-2.0-only */
/* Flame graphs: boxes of the right size, no more than there is room for, and nothing in a name that is markup. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build.h"
#include "kernel/ksyms.h"
#include "sink/sink.h"

#define FUNCTION(i) (0xffffffff81000000 + (uint64_t)(i)*0x100)

union record {
	struct event ev;
	uint8_t bytes[sizeof(struct event) + EVENT_STACK * 8];
};

struct graph {
	struct host host;
	struct ksyms *ksyms;
	struct sink sink;
	FILE *file;
};

static void name_function(struct graph *g, int i, const char *name, const char *module)
{
	const struct ksym sym = { name, module, FUNCTION(i), 0x100 };

	cr_assert_eq(ksyms_tell(g->ksyms, FUNCTION(i) + 7, &sym), 0);
}

static void begin(struct graph *g)
{
	*g = (struct graph){ .host = *build_host(), .file = tmpfile() };
	cr_assert_eq(ksyms_told(&g->ksyms), 0);
	g->host.ksyms = g->ksyms;
	g->sink = (struct sink){ .ops = sink_find("svg"),
				 .config = { .fd = fileno(g->file), .host = &g->host } };
	cr_assert_eq(g->sink.ops->open(&g->sink), 0);
}

/* A loss of so many packets in `inner`, called by `outer`. */
static void lose(struct graph *g, int outer, int inner, uint32_t packets)
{
	struct drop d = *build_golden(0);
	union record r = { .ev = *d.ev };

	r.ev.segs = packets;
	r.ev.stack_size = 2;
	r.ev.stack[0] = FUNCTION(inner) + 8;
	r.ev.stack[1] = FUNCTION(outer) + 8;
	r.ev.key.location = r.ev.stack[0];
	d.ev = &r.ev;
	cr_assert_eq(g->sink.ops->drop(&g->sink, &d), 0);
}

/* What was drawn, which an XML parser has taken. The caller's to free. */
static char *end(struct graph *g)
{
	char command[128], *text;
	size_t size;

	cr_assert_eq(sink_end(&g->sink, NULL), 0);
	g->sink.ops->close(&g->sink);
	ksyms_free(g->ksyms);
	size = lseek(fileno(g->file), 0, SEEK_END);
	text = calloc(1, size + 1);
	cr_assert_eq(pread(fileno(g->file), text, size, 0), (ssize_t)size);
	snprintf(command, sizeof(command),
		 "python3 -c 'import xml.dom.minidom as x; x.parse(\"/proc/%d/fd/%d\")'", getpid(),
		 fileno(g->file));
	cr_expect_eq(system(command), 0, "no XML: %s", text);
	fclose(g->file);
	return text;
}

static int boxes(const char *text)
{
	int n = 0;

	while ((text = strstr(text, "<title>"))) {
		text++;
		n++;
	}
	return n;
}

Test(svg, boxes_are_as_wide_as_what_was_lost)
{
	struct graph g;
	char *text;

	begin(&g);
	name_function(&g, 1, "ip_rcv", "");
	name_function(&g, 2, "udp_rcv", "");
	name_function(&g, 3, "hook", "nf_tables");
	lose(&g, 1, 2, 30);
	lose(&g, 1, 3, 10);
	text = end(&g);
	cr_expect_eq(boxes(text), 6, "all, ip_rcv, two functions and their causes: %s", text);
	cr_expect_not_null(strstr(text, "<title>all: 40 packets, 100.0 %</title>"));
	cr_expect_not_null(strstr(text, "<title>ip_rcv: 40 packets, 100.0 %</title>"));
	cr_expect_not_null(strstr(text, "<title>udp_rcv: 30 packets, 75.0 %</title>"
					"<rect x=\"0.00\" y=\"54\" width=\"900.00\""));
	cr_expect_not_null(strstr(text, "<title>hook [nf_tables]: 10 packets, 25.0 %</title>"
					"<rect x=\"900.00\" y=\"54\" width=\"300.00\""));
	cr_expect_not_null(strstr(text, "<title>no-listener: 30 packets"));
	free(text);
}

Test(svg, names_are_no_markup)
{
	struct graph g;
	char *text;

	begin(&g);
	name_function(&g, 1, "<script>&\"\x01\xff", "");
	lose(&g, 1, 2, 1);
	text = end(&g);
	cr_expect_not_null(strstr(text, "<title>&lt;script&gt;&amp;\"??: 1 packets"), "%s", text);
	cr_expect_not_null(strstr(text, "<title>0xffffffff81000208: 1 packets"), "%s", text);
	free(text);
}

Test(svg, what_is_too_much_is_one_box)
{
	struct graph g;
	char *text;

	begin(&g);
	for (int i = 0; i < 500; i++)
		lose(&g, 1, i + 2, i < 200 ? 5 : 1);
	text = end(&g);
	cr_expect_eq(boxes(text), 1 + 1 + 2 * 200 + 1);
	cr_expect_not_null(strstr(text, "<title>other: 300 packets, 23.1 %</title>"));
	cr_expect_lt(strlen(text), (size_t)128 * 1024);
	free(text);
}

Test(svg, nothing_was_lost)
{
	struct graph g;
	char *text;

	begin(&g);
	text = end(&g);
	cr_expect_eq(boxes(text), 0);
	cr_expect_not_null(strstr(text, "No kernel stacks"));
	free(text);
}
