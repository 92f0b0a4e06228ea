/* SPDX-License-Identifier: GPL-2.0-only */
/* Any types as the kernel's: what they tell of functions, reasons and structures is looked for in them all the same. */
#include <linux/btf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "kernel/facts.h"
#include "kernel/layout.h"
#include "kernel/reasons.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first two bytes tell how many words are types; what is left are the strings. */
static struct btf *make(const uint8_t *data, size_t size)
{
	struct btf_header h = { .magic = BTF_MAGIC, .version = 1, .hdr_len = sizeof(h) };
	size_t types = 4 * (size_t)(data[0] | data[1] << 8);
	struct btf *btf;
	char *raw;

	data += 2, size -= 2;
	h.type_len = types < size ? types : size / 4 * 4;
	h.str_off = h.type_len;
	h.str_len = size - h.type_len + 2;
	raw = calloc(1, sizeof(h) + h.type_len + h.str_len);
	if (!raw)
		return NULL;
	memcpy(raw, &h, sizeof(h));
	memcpy(raw + sizeof(h), data, h.type_len);
	memcpy(raw + sizeof(h) + h.str_off + 1, data + h.type_len, size - h.type_len);
	btf = btf__new(raw, sizeof(h) + h.type_len + h.str_len);
	free(raw);
	return libbpf_get_error(btf) ? NULL : btf;
}

static void ask(const struct btf *btf)
{
	static struct facts facts;
	struct nf_layout layout = { 0 };
	struct reasons *reasons;

	facts.count = 0;
	facts_collect_types(&facts, btf);
	layout_collect(&layout, btf);
	if (reasons_new(&reasons, btf))
		return;
	for (uint32_t i = 0; i < 300; i++) {
		const char *full = reasons_full(reasons, i), *name = reasons_short(reasons, i);

		if (!full != !name || (name && reasons_number(reasons, name) < 0))
			abort();
	}
	reasons_free(reasons);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct btf *btf;

	libbpf_set_print(NULL);
	if (size < 2)
		return 0;
	btf = make(data, size);
	if (btf)
		ask(btf);
	btf__free(btf);
	return 0;
}
