/* SPDX-License-Identifier: GPL-2.0-only */
/* Any bytes as the kernel's lists of symbols and of modules: what is found contains what was asked for. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/ksyms.h"
#include "kernel/module_list.h"
#include "tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const struct ksyms *k, uint64_t addr)
{
	struct ksym found, named;
	char plain[8];

	if (!ksyms_find(k, addr, &found))
		return;
	if (addr < found.start || (found.size && addr - found.start >= found.size))
		abort();
	if (!ksyms_by_name(k, found.name, &named) || strcmp(named.name, found.name))
		abort();
	ksyms_strip(plain, sizeof(plain), found.name);
	if (strlen(plain) >= sizeof(plain) || strchr(plain, '.') || strlen(found.module) > 65536)
		abort();
}

/* The addresses asked for are those of the lists, or the bytes themselves. */
static void ask_all(const struct ksyms *k, const uint8_t *data, size_t size)
{
	uint64_t addr;

	for (size_t i = 0; i + sizeof(addr) <= size && i < 256; i += sizeof(addr)) {
		memcpy(&addr, data + i, sizeof(addr));
		ask(k, addr);
	}
	for (size_t i = 0; i + 17 <= size && i < 4096; i++) {
		if (i && data[i - 1] != '\n')
			continue;
		char text[17] = "";

		memcpy(text, data + i, 16);
		ask(k, strtoull(text, NULL, 16));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = { NULL };
	static struct tree tree;
	struct module_list list;
	struct ksyms *k = NULL;

	if (!tree.path[0])
		tree_make(&tree, paths);
	tree_fill(&tree, data, size);
	module_list_read(&list, tree.input);
	for (size_t i = 0; i < list.count; i++)
		if (!module_list_find(&list, list.modules[i].name, strlen(list.modules[i].name)))
			abort();
	module_list_free(&list);
	if (ksyms_new(&k, tree.input, tree.input))
		return 0;
	ask_all(k, data, size);
	if (ksyms_refresh(k, tree.input, "/dev/null"))
		abort();
	ask_all(k, data, size);
	ksyms_free(k);
	return 0;
}
