/* SPDX-License-Identifier: GPL-2.0-only */
/* How the kernel lists its symbols, and that hidden addresses read as 0. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/ksyms.h"

struct sym {
	uint64_t addr;
	uint32_t name;	 /* offset in text */
	uint32_t module; /* offset in text, of "" for the kernel */
};

struct ksyms {
	char *text; /* the file, cut into strings */
	struct sym *syms;
	size_t count;
	uint32_t *by_name; /* open hash table of indexes into syms + 1; 0: free */
	size_t mask;
	struct ksyms *older; /* what was read before: its names may still be in use */
};

static int read_all(const char *path, char **text, size_t *size)
{
	size_t cap = 8 << 20, len = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *buf = malloc(cap), *grown;
	ssize_t n = 1;

	if (fd < 0 || !buf) {
		n = fd < 0 ? -errno : -ENOMEM;
		goto out;
	}
	while ((n = read(fd, buf + len, cap - len - 1)) > 0) {
		len += n;
		if (cap - len > 4096)
			continue;
		grown = realloc(buf, cap *= 2);
		if (!grown) {
			n = -ENOMEM;
			goto out;
		}
		buf = grown;
	}
	if (n < 0)
		n = -errno;
out:
	if (fd >= 0)
		close(fd);
	if (n < 0) {
		free(buf);
		return n;
	}
	buf[len] = 0;
	*text = buf;
	*size = len;
	return 0;
}

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

/* The only data that is asked for: where the copies of per-CPU data are, the neighbour tables, and
 * conntrack's limits. */
static bool is_wanted(char type, const char *name)
{
	static const char *const data[] = { "__per_cpu_offset",
					    "arp_tbl",
					    "nd_tbl",
					    "nf_conntrack_max",
					    "nf_conntrack_htable_size",
					    "nf_conntrack_net_id" };

	if (type && strchr("tTwW", type))
		return true;
	for (size_t i = 0; i < sizeof(data) / sizeof(data[0]); i++)
		if (!strcmp(name, data[i]))
			return true;
	return false;
}

/* "ffffffff81000000 T name\t[module]": cut the line up, true if it is a function. */
static bool parse_line(struct ksyms *k, char *line, struct sym *out)
{
	char *p = line, *name, *module;

	out->addr = parse_hex(&p);
	if (p[0] != ' ' || p[1] == 0 || p[2] != ' ')
		return false;
	name = p + 3;
	module = strchr(name, '\t');
	if (module) {
		*module = 0;
		module += 1 + (module[1] == '[');
		module[strcspn(module, "]")] = 0;
	} else {
		module = name + strlen(name);
	}
	out->name = name - k->text;
	out->module = module - k->text;
	return is_wanted(p[1], name);
}

static int parse(struct ksyms *k, size_t size)
{
	size_t lines = 0, i;
	char *line, *end;
	bool any = false;
	bool sorted = true;

	for (i = 0; i < size; i++)
		lines += k->text[i] == '\n';
	k->syms = malloc((lines + 1) * sizeof(*k->syms));
	if (!k->syms)
		return -ENOMEM;
	for (line = k->text; line < k->text + size; line = end + 1) {
		end = strchr(line, '\n');
		if (!end)
			break;
		*end = 0;
		if (!parse_line(k, line, &k->syms[k->count]))
			continue;
		any |= k->syms[k->count].addr != 0;
		sorted &= !k->count || k->syms[k->count - 1].addr <= k->syms[k->count].addr;
		k->count++;
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

static int fill(struct ksyms *k, const char *path)
{
	size_t size = 0;
	int err = read_all(path, &k->text, &size);

	if (!err)
		err = parse(k, size);
	return err ? err : index_names(k);
}

int ksyms_new(struct ksyms **out, const char *path)
{
	struct ksyms *k = calloc(1, sizeof(*k));
	int err;

	if (!k)
		return -ENOMEM;
	err = fill(k, path);
	if (err) {
		ksyms_free(k);
		return err;
	}
	*out = k;
	return 0;
}

int ksyms_refresh(struct ksyms *k, const char *path)
{
	struct ksyms fresh = {}, *older = malloc(sizeof(*older));
	int err = older ? fill(&fresh, path) : -ENOMEM;

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

void ksyms_free(struct ksyms *k)
{
	while (k) {
		struct ksyms *older = k->older;

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
	size_t lo = 0, hi = k->count;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (k->syms[mid].addr <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (!lo)
		return false;
	/* of aliases at one address the first is the function, the others are markers */
	for (lo--; lo && k->syms[lo - 1].addr == k->syms[lo].addr;)
		lo--;
	describe(k, lo, out);
	return true;
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
