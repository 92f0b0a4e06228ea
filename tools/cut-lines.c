/* SPDX-License-Identifier: GPL-2.0-only */
/* Cuts the source lines out of a .BTF.ext section: a third of the programs, of use to verifier logs alone. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Documentation/bpf/btf.rst of the kernel; offsets count from the header's end. */
struct btf_ext_header {
	uint16_t magic;
	uint8_t version;
	uint8_t flags;
	uint32_t hdr_len;
	uint32_t func_info_off, func_info_len;
	uint32_t line_info_off, line_info_len;
	uint32_t core_relo_off, core_relo_len;
};

#define MAGIC 0xeb9f

static int fail(const char *file, const char *why)
{
	fprintf(stderr, "cut-lines: %s: %s\n", file, why);
	return 1;
}

/* What lies behind the lines moves up; the new size, or 0 if this is no such section. */
static size_t cut(uint8_t *data, size_t size)
{
	struct btf_ext_header h;
	size_t from, to;

	if (size < sizeof(h))
		return 0;
	memcpy(&h, data, sizeof(h));
	from = (size_t)h.hdr_len + h.line_info_off;
	to = from + h.line_info_len;
	if (h.magic != MAGIC || h.hdr_len < sizeof(h) || to > size)
		return 0;
	memmove(data + from, data + to, size - to);
	if (h.func_info_off > h.line_info_off)
		h.func_info_off -= h.line_info_len;
	if (h.core_relo_off > h.line_info_off)
		h.core_relo_off -= h.line_info_len;
	h.line_info_len = 0;
	memcpy(data, &h, sizeof(h));
	return size - (to - from);
}

/* usage: cut-lines SECTION: a file that holds it, written anew */
int main(int argc, char **argv)
{
	static uint8_t data[16 << 20];
	size_t size;
	FILE *f;

	if (argc != 2)
		return fail("usage", "cut-lines SECTION");
	f = fopen(argv[1], "rb");
	size = f ? fread(data, 1, sizeof(data), f) : 0;
	if (!f || ferror(f) || fclose(f))
		return fail(argv[1], "cannot be read");
	size = cut(data, size);
	if (!size)
		return fail(argv[1], "is no .BTF.ext section of this machine's byte order");
	f = fopen(argv[1], "wb");
	if (!f || fwrite(data, 1, size, f) != size || fclose(f))
		return fail(argv[1], "cannot be written");
	return 0;
}
