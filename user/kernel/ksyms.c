/* SPDX-License-Identifier: GPL-2.0-only */
/* How the kernel lists its symbols, and that hidden addresses read as 0. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "kernel/ksyms.h"
#include "kernel/module_list.h"

#define FUNCTION_MAX                                                                               \
	(1 << 20)	    /* no function is as long: what is farther is in none that is known */
#define LAST_MAX 4096	    /* of the last one it is not known where it ends */
#define CHUNK	 (64 << 10) /* bytes of the file that are looked at together; no line is as long */

struct sym {
	uint64_t addr;
	uint32_t name;	 /* offset in text */
	uint32_t module; /* offset in text, of "" for the kernel */
};

/* The file is several times as large as what is kept of it, so it is never in memory as a whole. */
struct ksyms {
	char *text; /* the names, each behind a 0; the first is "" */
	size_t text_len, text_size;
	struct sym *syms;
	size_t count, size;
	uint32_t module; /* that of the line before: its functions follow each other */
	const struct module_range *range; /* of that one, NULL if unknown */
	struct module_list modules;	  /* while the file is read */
	uint32_t *by_name;		  /* open hash table of indexes into syms + 1; 0: free */
	size_t mask;
	bool is_told;	     /* of a recording: */
	struct hash told;    /* struct ksym by address */
	struct ksyms *older; /* what was read before: its names may still be in use */
};

static int compare(const void *a, const void *b)
{
	const struct sym *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

static uint64_t parse_hex(char **p)
{
	uint64_t v = 0;

	for (;; (*p)++) {
		if (**p >= '0' && **p <= '9')
			v = v << 4 | (**p - '0');
		else if (**p >= 'a' && **p <= 'f')
			v = v << 4 | (**p - 'a' + 10);
		else
			return v;
	}
}

/*
 * Functions, but not the padding before each (__pfx_, arch/x86/Kconfig PREFIX_SYMBOLS), where nothing
 * ever runs. The only data that is asked for: where the copies of per-CPU data are, the neighbour
 * tables, and conntrack's limits.
 */
static bool is_code(char type)
{
	return type == 't' || type == 'T' || type == 'w' || type == 'W';
}

static bool is_wanted(char type, const char *name)
{
	static const char *const data[] = {
		"__per_cpu_offset",
		"arp_tbl",
		"nd_tbl",
		"nf_conntrack_max",
		"nf_conntrack_htable_size",
		"nf_conntrack_net_id",
	};

	if (is_code(type))
		return strncmp(name, "__pfx_", 6);
	/* behind the name is the end, or a tab and the module */
	for (size_t i = 0; i < sizeof(data) / sizeof(data[0]); i++)
		if (!strncmp(name, data[i], strlen(data[i])) && strchr("\t", name[strlen(data[i])]))
			return true;
	return false;
}

/* Room for one more of each; growth is by doubling. */
static int reserve(struct ksyms *k, size_t text)
{
	size_t size;
	void *grown;

	if (k->text_size - k->text_len < text) {
		size = k->text_size ? k->text_size * 2 : 1 << 20;
		grown = realloc(k->text, size);
		if (!grown)
			return -ENOMEM;
		k->text = grown;
		k->text_size = size;
	}
	if (k->count == k->size) {
		size = k->size ? k->size * 2 : 1 << 15;
		grown = realloc(k->syms, size * sizeof(*k->syms));
		if (!grown)
			return -ENOMEM;
		k->syms = grown;
		k->size = size;
	}
	return 0;
}

static uint32_t keep(struct ksyms *k, const char *name, size_t len)
{
	uint32_t at = k->text_len;

	memcpy(k->text + at, name, len);
	k->text[at + len] = 0;
	k->text_len += len + 1;
	return at;
}

static uint32_t keep_module(struct ksyms *k, const char *name)
{
	size_t len = strcspn(name, "]");
	const char *last = k->text + k->module;

	if (!strncmp(last, name, len) && !last[len])
		return k->module;
	k->range = module_list_find(&k->modules, name, len);
	return k->module = keep(k, name, len);
}

/* "ffffffff81000000 T name\t[module]": kept if it is a function. */
static int parse_line(struct ksyms *k, char *line)
{
	char *p = line, *name, *module, type;
	uint64_t addr = parse_hex(&p);
	struct sym *sym;
	int err;

	if (p[0] != ' ' || p[1] == 0 || p[2] != ' ' || !is_wanted(p[1], p + 3))
		return 0;
	type = p[1];
	name = p + 3;
	module = strchr(name, '\t');
	err = reserve(k, strlen(name) + 2);
	if (err)
		return err;
	sym = &k->syms[k->count];
	sym->addr = addr;
	sym->module = module ? keep_module(k, module + 1 + (module[1] == '[')) : 0;
	/* kallsyms goes on listing the functions that only the module's start needed; data may be elsewhere
	 * (struct module_memory, since 6.4) */
	if (module && is_code(type) && k->range && addr - k->range->start >= k->range->size)
		return 0;
	sym->name = keep(k, name, module ? (size_t)(module - name) : strlen(name));
	k->count++;
	return 0;
}

/* All lines that are whole; moves the rest to the front and returns its length, or -errno. */
static ssize_t parse_chunk(struct ksyms *k, char *chunk, size_t len)
{
	char *line = chunk, *end;
	int err;

	while ((end = memchr(line, '\n', chunk + len - line))) {
		*end = 0;
		err = parse_line(k, line);
		if (err)
			return err;
		line = end + 1;
	}
	len -= line - chunk;
	if (len == CHUNK)
		return -EINVAL;
	memmove(chunk, line, len);
	return len;
}

static int parse(struct ksyms *k, int fd)
{
	char *chunk = malloc(CHUNK);
	ssize_t rest = chunk ? reserve(k, 1) : -ENOMEM, n = 0;

	if (!rest)
		keep(k, "", 0);
	while (rest >= 0 && (n = read(fd, chunk + rest, CHUNK - rest)) > 0)
		rest = parse_chunk(k, chunk, rest + n);
	if (n < 0)
		rest = -errno;
	free(chunk);
	return rest < 0 ? rest : 0;
}

static int sort(struct ksyms *k)
{
	bool any = false, sorted = true;

	for (size_t i = 0; i < k->count; i++) {
		any |= k->syms[i].addr != 0;
		sorted &= !i || k->syms[i - 1].addr <= k->syms[i].addr;
	}
	if (!any)
		return -EPERM;
	if (!sorted)
		qsort(k->syms, k->count, sizeof(*k->syms), compare);
	return 0;
}

/* FNV-1a */
static uint32_t hash(const char *name)
{
	uint32_t h = 2166136261;

	while (*name)
		h = (h ^ (uint8_t)*name++) * 16777619;
	return h ^ h >> 15;
}

/* Of several functions of one name the first is found, as in the file. */
static int index_names(struct ksyms *k)
{
	size_t size = 1024, at;

	while (size < k->count + k->count / 4)
		size *= 2;
	k->by_name = calloc(size, sizeof(*k->by_name));
	if (!k->by_name)
		return -ENOMEM;
	k->mask = size - 1;
	for (size_t i = 0; i < k->count; i++) {
		at = hash(k->text + k->syms[i].name) & k->mask;
		while (k->by_name[at])
			at = (at + 1) & k->mask;
		k->by_name[at] = i + 1;
	}
	return 0;
}

static int fill(struct ksyms *k, const char *path, const char *modules)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	module_list_read(&k->modules, modules);
	err = parse(k, fd);
	module_list_free(&k->modules);
	k->range = NULL;
	close(fd);
	if (!err)
		err = sort(k);
	return err ? err : index_names(k);
}

int ksyms_new(struct ksyms **out, const char *path, const char *modules)
{
	struct ksyms *k = calloc(1, sizeof(*k));
	int err;

	if (!k)
		return -ENOMEM;
	err = fill(k, path, modules);
	if (err) {
		ksyms_free(k);
		return err;
	}
	*out = k;
	return 0;
}

int ksyms_refresh(struct ksyms *k, const char *path, const char *modules)
{
	struct ksyms fresh = {}, *older = malloc(sizeof(*older));
	int err = older ? fill(&fresh, path, modules) : -ENOMEM;

	if (err) {
		free(fresh.text);
		free(fresh.syms);
		free(fresh.by_name);
		free(older);
		return err;
	}
	*older = *k;
	free(older->syms);
	free(older->by_name);
	older->syms = NULL;
	older->by_name = NULL;
	*k = fresh;
	k->older = older;
	return 0;
}

int ksyms_told(struct ksyms **out)
{
	struct ksyms *k = calloc(1, sizeof(*k));

	if (!k)
		return -ENOMEM;
	k->is_told = true;
	hash_init(&k->told, sizeof(uint64_t));
	*out = k;
	return 0;
}

int ksyms_tell(struct ksyms *k, uint64_t addr, const struct ksym *sym)
{
	struct ksym *copy = hash_get(&k->told, &addr), *made = copy ? NULL : malloc(sizeof(*copy));

	if (!copy && (!made || hash_put(&k->told, &addr, made))) {
		free(made);
		return -ENOMEM;
	}
	*(copy ? copy : made) = *sym;
	return 0;
}

void ksyms_free(struct ksyms *k)
{
	struct ksym *sym;
	uint32_t pos = 0;

	while (k) {
		struct ksyms *older = k->older;

		while (k->is_told && (sym = hash_next(&k->told, &pos)))
			free(sym);
		if (k->is_told)
			hash_free(&k->told);
		free(k->text);
		free(k->syms);
		free(k->by_name);
		free(k);
		k = older;
	}
}

static void describe(const struct ksyms *k, size_t i, struct ksym *out)
{
	size_t next = i + 1;

	while (next < k->count && k->syms[next].addr == k->syms[i].addr)
		next++;
	out->name = k->text + k->syms[i].name;
	out->module = k->text + k->syms[i].module;
	out->start = k->syms[i].addr;
	out->size = next < k->count ? k->syms[next].addr - k->syms[i].addr : 0;
}

bool ksyms_find(const struct ksyms *k, uint64_t addr, struct ksym *out)
{
	const struct ksym *told = k->is_told ? hash_get(&k->told, &addr) : NULL;
	size_t lo = 0, hi = k->count;

	if (told)
		*out = *told;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (k->syms[mid].addr <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (!lo) /* so in a recording, too */
		return told;
	/* of aliases at one address the first is the function, the others are markers */
	for (lo--; lo && k->syms[lo - 1].addr == k->syms[lo].addr;)
		lo--;
	describe(k, lo, out);
	return addr - out->start < (out->size ? FUNCTION_MAX : LAST_MAX);
}

bool ksyms_by_name(const struct ksyms *k, const char *name, struct ksym *out)
{
	for (size_t at = hash(name) & k->mask; k->by_name[at]; at = (at + 1) & k->mask) {
		size_t i = k->by_name[at] - 1;

		if (strcmp(k->text + k->syms[i].name, name))
			continue;
		describe(k, i, out);
		return true;
	}
	return false;
}

void ksyms_strip(char *out, size_t size, const char *name)
{
	size_t len = strcspn(name, ".");

	if (len >= size)
		len = size - 1;
	memcpy(out, name, len);
	out[len] = 0;
}
