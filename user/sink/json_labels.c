/* SPDX-License-Identifier: GPL-2.0-only */
/* How labels that were kept as one text are told apart again. */
#include <string.h>

#include "sink/json_labels.h"

void json_labels(struct jsonw *w, const char *labels)
{
	jsonw_open(w, "labels", '{');
	while (*labels) {
		size_t len = strcspn(labels, "\n"), key = strcspn(labels, "=\n");

		jsonw_bytes(w, NULL, labels, key);
		strbuf_putc(w->out, ':');
		jsonw_text(w->out, labels + key + (key < len), len - key - (key < len));
		labels += len + (labels[len] != 0);
	}
	jsonw_close(w, '}');
}
