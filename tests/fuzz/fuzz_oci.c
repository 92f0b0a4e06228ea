/* SPDX-License-Identifier: GPL-2.0-only */
/* Any bytes as a runtime's file about a container: what comes out of it are names, or nothing. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/oci.h"
#include "tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *text, size_t size)
{
	if (strnlen(text, size) == size || (*text && !oci_is_name(text)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = { "var/lib/docker/containers/c/config.v2.json", NULL };
	static struct tree tree;
	struct oci oci;

	if (!tree.path[0])
		tree_make(&tree, paths);
	tree_fill(&tree, data, size);
	if (oci_read(&oci, tree.fd, "c"))
		return 0;
	check(oci.ns, sizeof(oci.ns));
	check(oci.pod, sizeof(oci.pod));
	check(oci.uid, sizeof(oci.uid));
	check(oci.container, sizeof(oci.container));
	if (strnlen(oci.netns, sizeof(oci.netns)) == sizeof(oci.netns))
		abort();
	return 0;
}
