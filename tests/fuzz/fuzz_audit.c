/* SPDX-License-Identifier: GPL-2.0-only */
/* Any bytes as a file of counters, or as an answer about queues: nothing is read beyond them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "audit/proc_text.h"
#include "audit/qdiscs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void as_text(struct readings *c, uint8_t which, const char *text)
{
	static void (*const parsers[])(struct readings *, const char *) = {
		proc_text_snmp,	   proc_text_snmp6, proc_text_conntrack,
		proc_text_softnet, proc_text_dev,
	};

	parsers[which % (sizeof(parsers) / sizeof(parsers[0]))](c, text);
}

/* The first byte tells the parser; each gets memory of its own that ends where the data do. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct readings c = { 0 };
	char *copy;

	if (!size)
		return 0;
	copy = malloc(size);
	if (!copy)
		return 0;
	memcpy(copy, data + 1, size - 1);
	copy[size - 1] = 0;
	if (data[0] & 0x80)
		qdiscs_parse(&c, copy, size - 1);
	else
		as_text(&c, data[0], copy);
	for (size_t i = 0; i < COUNTERS_MAX; i++)
		if (c.value[i] && (i >= kcounters_count || !(c.known >> i & 1)))
			abort();
	free(copy);
	return 0;
}
