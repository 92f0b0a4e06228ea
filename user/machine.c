/* SPDX-License-Identifier: GPL-2.0-only */
/* Which files and programs tell what of a machine, and which of them may be shown to anybody. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <zlib.h>

#include "bearing.h"
#include "kernel/nic.h"
#include "machine.h"
#include "program.h"

#define NAME 64 /* of an item */

/* The first that exists is it. */
static const struct {
	const char *name, *paths[2]; /* below the root */
	enum machine_when when;
	bool telling; /* may hold names or addresses */
} files[] = {
	{ "os-release", { "etc/os-release", "usr/lib/os-release" }, MACHINE_BEFORE, false },
	{ "cmdline", { "proc/cmdline" }, MACHINE_BEFORE, true },
	{ "tainted", { "proc/sys/kernel/tainted" }, MACHINE_BEFORE, false },
	{ "before/snmp", { "proc/1/net/snmp" }, MACHINE_BEFORE, false },
	{ "before/snmp6", { "proc/1/net/snmp6" }, MACHINE_BEFORE, false },
	{ "before/netstat", { "proc/1/net/netstat" }, MACHINE_BEFORE, false },
	{ "before/nf_conntrack", { "proc/1/net/stat/nf_conntrack" }, MACHINE_BEFORE, false },
	{ "before/softnet_stat", { "proc/1/net/softnet_stat" }, MACHINE_BEFORE, false },
	{ "before/sockstat", { "proc/1/net/sockstat" }, MACHINE_BEFORE, false },
	{ "before/dev", { "proc/1/net/dev" }, MACHINE_BEFORE, false },
	{ "after/snmp", { "proc/1/net/snmp" }, MACHINE_AFTER, false },
	{ "after/snmp6", { "proc/1/net/snmp6" }, MACHINE_AFTER, false },
	{ "after/netstat", { "proc/1/net/netstat" }, MACHINE_AFTER, false },
	{ "after/nf_conntrack", { "proc/1/net/stat/nf_conntrack" }, MACHINE_AFTER, false },
	{ "after/softnet_stat", { "proc/1/net/softnet_stat" }, MACHINE_AFTER, false },
	{ "after/sockstat", { "proc/1/net/sockstat" }, MACHINE_AFTER, false },
	{ "after/dev", { "proc/1/net/dev" }, MACHINE_AFTER, false },
	{ "modules", { "proc/modules" }, MACHINE_AFTER, false },
};

/*
 * Of the network namespace this thread is in. All of them may hold addresses. Some would have the kernel load a module,
 * which changes the machine: these are asked only where the module is there.
 */
static const struct {
	const char *name;
	const char *const argv[6];
	const char *module; /* NULL: it loads none */
} programs[] = {
	{ "nft", { "nft", "list", "ruleset" }, "nf_tables" },
	{ "iptables", { "iptables-legacy-save" }, "ip_tables" },
	{ "ip6tables", { "ip6tables-legacy-save" }, "ip6_tables" },
	{ "ipvs", { "ipvsadm", "-Ln" }, "ip_vs" },
	{ "qdiscs", { "tc", "-s", "qdisc" }, NULL },
	{ "links", { "ip", "-d", "link" }, NULL },
	{ "rules", { "ip", "rule" }, NULL },
	{ "routes", { "ip", "route" }, NULL },
	{ "routes6", { "ip", "-6", "route" }, NULL },
};

/* Loaded, or built in as the list of those says. */
static bool has_module(const char *root, const char *module)
{
	char path[PATH_MAX], file[64], line[256];
	struct utsname u;
	bool found = false;
	FILE *f;

	snprintf(path, sizeof(path), "%s/sys/module/%s", root, module);
	if (!access(path, F_OK))
		return true;
	if (uname(&u))
		return false;
	snprintf(path, sizeof(path), "%s/lib/modules/%s/modules.builtin", root, u.release);
	snprintf(file, sizeof(file), "/%s.ko\n", module);
	f = fopen(path, "re");
	while (f && !found && fgets(line, sizeof(line), f))
		found = strstr(line, file);
	if (f)
		fclose(f);
	return found;
}

/* A file's beginning; NULL if it cannot be read. The caller frees it. */
static char *read_file(const char *root, const char *path, size_t *len)
{
	char full[PATH_MAX], *text;
	FILE *f;

	snprintf(full, sizeof(full), "%s/%s", root, path);
	f = fopen(full, "re");
	text = f ? malloc(ENVIRONMENT_TEXT + 1) : NULL;
	if (text)
		*len = fread(text, 1, ENVIRONMENT_TEXT + 1, f);
	if (f)
		fclose(f);
	return text;
}

static int add_file(struct environment *e, const char *root, size_t i)
{
	size_t len = 0;
	char *text = NULL;
	int err = 0;

	for (int j = 0; j < 2 && !text && files[i].paths[j]; j++)
		text = read_file(root, files[i].paths[j], &len);
	if (text)
		err = environment_add(e, files[i].name, text, len);
	free(text);
	return err;
}

/* As `uname -a`, but for the name of the host. */
static int add_uname(struct environment *e)
{
	struct utsname u;
	char text[sizeof(u)];

	if (uname(&u))
		return 0;
	snprintf(text, sizeof(text), "%s %s %s %s\n", u.sysname, u.release, u.version, u.machine);
	return environment_add(e, "uname", text, sizeof(text));
}

/* "net/core/somaxconn = 4096", each once; \t between numbers becomes a space. */
static int add_sysctls(struct environment *e, const char *root, const char *prefix)
{
	char path[PATH_MAX], name_of_all[NAME], *value, *text = NULL;
	size_t len, size = 0;
	FILE *all = open_memstream(&text, &size);
	int err;

	if (!all)
		return -ENOMEM;
	for (size_t i = 0; i < bearings_count * BEARING_WORDS; i++) {
		const char *name = bearings[i / BEARING_WORDS].sysctls[i % BEARING_WORDS];

		fflush(all);
		if (!name || (text && strstr(text, name)))
			continue;
		snprintf(path, sizeof(path), "proc/sys/%s", name);
		value = read_file(root, path, &len);
		if (!value)
			continue;
		for (size_t j = 0; j < len; j++)
			value[j] = value[j] == '\t' ? ' ' : value[j];
		fprintf(all, "%s = %.*s\n", name, (int)strnlen(value, len) - (len > 0), value);
		free(value);
	}
	snprintf(name_of_all, sizeof(name_of_all), "%ssysctls", prefix);
	err = fclose(all) ? -ENOMEM : environment_add(e, name_of_all, text, size);
	free(text);
	return err;
}

static bool is_config_wanted(const char *line)
{
	static const char *const always[] = { "CONFIG_PREEMPT",
					      "CONFIG_HZ=", "CONFIG_RPS=", "CONFIG_KASAN",
					      "CONFIG_LOCKDEP" };

	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		if (!strncmp(line, always[i], strlen(always[i])))
			return true;
	for (size_t i = 0; i < bearings_count * BEARING_WORDS; i++) {
		const char *begin = bearings[i / BEARING_WORDS].configs[i % BEARING_WORDS];

		if (begin && !strncmp(line, begin, strlen(begin)))
			return true;
	}
	return false;
}

/* gzread() reads plain files, too. */
static gzFile open_config(const char *root)
{
	char path[PATH_MAX];
	struct utsname u;
	gzFile f;

	snprintf(path, sizeof(path), "%s/proc/config.gz", root);
	f = gzopen(path, "re");
	if (f || uname(&u))
		return f;
	snprintf(path, sizeof(path), "%s/boot/config-%s", root, u.release);
	return gzopen(path, "re");
}

static int add_config(struct environment *e, const char *root)
{
	char line[512], *text = NULL;
	gzFile f = open_config(root);
	size_t size = 0;
	FILE *all;
	int err;

	if (!f)
		return 0;
	all = open_memstream(&text, &size);
	while (all && gzgets(f, line, sizeof(line)))
		if (is_config_wanted(line))
			fputs(line, all);
	gzclose(f);
	err = !all || fclose(all) ? -ENOMEM : environment_add(e, "config", text, size);
	free(text);
	return err;
}

static int add_programs(struct environment *e, const char *root, const char *prefix)
{
	char name[NAME];
	char *text = malloc(ENVIRONMENT_TEXT + 1);
	int err = text ? 0 : -ENOMEM;

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]) && !err; i++) {
		ssize_t n;

		if (programs[i].module && !has_module(root, programs[i].module))
			continue;
		snprintf(name, sizeof(name), "%s%s", prefix, programs[i].name);
		n = program_read(text, ENVIRONMENT_TEXT + 1, programs[i].argv);
		if (n > 0)
			err = environment_add(e, name, text, n);
	}
	free(text);
	return err;
}

int machine_describe_netns(struct environment *e, const char *root, const char *prefix)
{
	int err = add_sysctls(e, root, prefix);

	return err ? err : add_programs(e, root, prefix);
}

int machine_describe(struct environment *e, const char *root, enum machine_when when, bool discreet)
{
	int err = 0;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]) && !err; i++)
		if (files[i].when == when && !(discreet && files[i].telling))
			err = add_file(e, root, i);
	if (!err && when == MACHINE_AFTER)
		return discreet ? 0 : add_programs(e, root, "");
	if (!err)
		err = add_uname(e);
	if (!err)
		err = add_sysctls(e, root, "");
	if (!err)
		err = add_config(e, root);
	return err ? err : nic_describe(e);
}
