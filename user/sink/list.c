/* SPDX-License-Identifier: GPL-2.0-only */
/* The list of sinks. */
#include <stddef.h>
#include <string.h>

#include "sink/sink.h"
#include "sink/sinks.h"

const struct sink_ops *const sinks[] = { &sink_text,   &sink_json, &sink_key,	 &sink_pcapng,
					 &sink_folded, &sink_svg,  &sink_report, NULL };

int sink_end(struct sink *s, const struct summary *sum)
{
	return s->ops->end ? s->ops->end(s, sum) : 0;
}

const struct sink_ops *sink_find(const char *name)
{
	for (size_t i = 0; sinks[i]; i++)
		if (!strcmp(sinks[i]->name, name))
			return sinks[i];
	return NULL;
}
