/* SPDX-License-Identifier: GPL-2.0-only */
/* Any bytes as a cgroup path: nothing is read beyond them and what comes out is well formed. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/cgroup_path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cgroup_path p;
	size_t uid, container;

	cgroup_path_parse(&p, (const char *)data, size);
	uid = strlen(p.uid);
	container = strlen(p.container);
	if ((uid && uid != 32 && uid != 36) || (container && container != 64))
		abort();
	if (strlen(p.unit) >= sizeof(p.unit) || (uid && p.unit[0]))
		abort();
	for (size_t i = 0; p.unit[i]; i++)
		if (p.unit[i] <= ' ' || p.unit[i] >= 0x7f)
			abort();
	return 0;
}
