/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the kernel keeps each loaded module, from /proc/modules. */
#ifndef KERNEL_MODULE_LIST_H
#define KERNEL_MODULE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct module_range {
	char name[56];	/* MODULE_NAME_LEN, include/linux/module.h */
	uint64_t start; /* of its code */
	uint64_t size;	/* of all its memory, without what only its start needed */
};

struct module_list {
	struct module_range *modules;
	size_t count;
};

/* Read `path`. One that cannot be read, or that hides addresses, gives an empty list. Free the list with
 * module_list_free. */
void module_list_read(struct module_list *list, const char *path);
void module_list_free(struct module_list *list);
/* NULL if there is none of that name, which need not end after `len` bytes. */
const struct module_range *module_list_find(const struct module_list *list, const char *name,
					    size_t len);

#endif
