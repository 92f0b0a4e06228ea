/* SPDX-License-Identifier: GPL-2.0-only */
/* Any bytes as a container runtime's answer: what comes of them is texts that end, of plain letters. */
#include <stdlib.h>
#include <string.h>

#include "cri/sandboxes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct cri_sandbox *s, void *arg)
{
	size_t len = strnlen(s->labels, sizeof(s->labels));

	(void)arg;
	if (!s->uid[0] || strnlen(s->uid, sizeof(s->uid)) == sizeof(s->uid) ||
	    strnlen(s->ns, sizeof(s->ns)) == sizeof(s->ns) ||
	    strnlen(s->name, sizeof(s->name)) == sizeof(s->name) || len == sizeof(s->labels))
		abort();
	/* each label is a line with a key and one '=' */
	for (const char *l = s->labels; *l; l += strcspn(l, "\n") + 1)
		if (*l == '=' || !strchr(l, '\n') || strcspn(l, "=") > strcspn(l, "\n"))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cri_sandboxes(data, size, check, NULL);
	return 0;
}
