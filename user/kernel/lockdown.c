/* SPDX-License-Identifier: GPL-2.0-only */
/* How the lockdown security module tells its level. */
#include <stdio.h>
#include <string.h>

#include "kernel/lockdown.h"

/* "none integrity [confidentiality]": only the last refuses bpf_probe_read_kernel and kprobes
 * (LOCKDOWN_BPF_READ_KERNEL, include/linux/security.h). */
bool lockdown_hides_memory(const char *path)
{
	char line[128] = "";
	FILE *f = fopen(path, "re");

	if (!f)
		return false;
	if (!fgets(line, sizeof(line), f))
		line[0] = 0;
	fclose(f);
	return strstr(line, "[confidentiality]");
}
