/* SPDX-License-Identifier: GPL-2.0-only */
/* How large the environment may become as JSON. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/jsonw.h"
#include "sink/environment_json.h"

#define ESCAPED 6 /* bytes of one, at most: \u00xx */

int environment_json(int fd, const struct environment *e)
{
	size_t size = 64, done = 0;
	struct strbuf b;
	struct jsonw w;
	char *data;

	for (size_t i = 0; i < e->count; i++)
		size += ESCAPED * (strlen(e->items[i].name) + strlen(e->items[i].text)) + 8;
	data = malloc(size);
	if (!data)
		return -ENOMEM;
	strbuf_init(&b, data, size);
	jsonw_init(&w, &b);
	jsonw_open(&w, NULL, '{');
	for (size_t i = 0; i < e->count; i++) /* names are ours: ASCII without quotes */
		jsonw_string(&w, e->items[i].name, e->items[i].text);
	jsonw_close(&w, '}');
	strbuf_putc(&b, '\n');
	while (done < b.len) {
		ssize_t n = write(fd, data + done, b.len - done);

		if (n < 0)
			break;
		done += n;
	}
	free(data);
	return done < b.len ? -errno : 0;
}
