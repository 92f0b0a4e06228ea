/* SPDX-License-Identifier: GPL-2.0-only */
/* Which sink writes which file of a capture, and where they are put. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "bundle.h"
#include "sink/environment_json.h"
#include "sink/sinks.h"
#include "source/replay.h"
#include "tar.h"

#define ARCHIVE ".tar.gz"

static const struct {
	const char *name;
	const struct sink_ops *sink;
} files[] = {
	{ "events.jsonl", &sink_json },	   { "drops.pcapng", &sink_pcapng },
	{ "stacks.folded", &sink_folded }, { "stacks.svg", &sink_svg },
	{ "report.md", &sink_report },
};

#define FILES (sizeof(files) / sizeof(files[0]))

static bool is_archive(const char *path)
{
	size_t len = strlen(path), end = strlen(ARCHIVE);

	return len > end && !strcmp(path + len - end, ARCHIVE);
}

/* A new file of this name in the bundle. Its descriptor, or -errno after a message. */
static int make(const struct bundle *b, const char *name)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", b->dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return fd < 0 ? log_err(-errno, "%s: cannot be made", path) : fd;
}

int bundle_open(struct bundle *b, const char *path)
{
	*b = (struct bundle){ .fd = -1 };
	if (is_archive(path)) {
		b->archive = strdup(path);
		if (!b->archive || asprintf(&b->dir, "%s.partial", path) < 0)
			return -ENOMEM;
		if (!access(path, F_OK))
			return log_err(-EEXIST, "%s: give a file that is not there yet", path);
	} else {
		b->dir = strdup(path);
	}
	if (!b->dir)
		return -ENOMEM;
	if (mkdir(b->dir, 0700))
		return log_err(-errno, "%s: cannot be made; give a directory that is not there yet",
			       b->dir);
	b->fd = make(b, BUNDLE_RECORDING);
	return b->fd < 0 ? b->fd : 0;
}

static int write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t n = write(fd, data, size);

		if (n < 0)
			return -errno;
		data += n;
		size -= n;
	}
	return 0;
}

/* Counters are files of their own, as the kernel printed them: before/snmp, after/snmp ... */
static int write_counters(const struct bundle *b, const struct environment *e)
{
	char path[PATH_MAX];
	int fd, err = 0;

	for (size_t i = 0; i < e->count && !err; i++) {
		const char *name = e->items[i].name, *slash = strchr(name, '/');

		/* a recording of others may name anything */
		if (!slash || strstr(name, "..") || *name == '/')
			continue;
		snprintf(path, sizeof(path), "%s/%.*s", b->dir, (int)(slash - name), name);
		if (mkdir(path, 0700) && errno != EEXIST)
			return log_err(-errno, "%s: cannot be made", path);
		fd = make(b, name);
		if (fd < 0)
			return fd;
		err = write_all(fd, e->items[i].text, strlen(e->items[i].text));
		close(fd);
	}
	return err;
}

static int write_environment(const struct bundle *b, const struct environment *e)
{
	int fd = make(b, "environment.json"), err;

	if (fd < 0)
		return fd;
	err = environment_json(fd, e);
	close(fd);
	return err ? err : write_counters(b, e);
}

static int feed(struct replay *r, struct sink *tee, const struct wanted *wanted)
{
	struct pipeline p = { .host = tee->config.host, .sink = tee, .wanted = *wanted };
	struct summary s = { 0 };
	int err = verdicts_new(&p.verdicts, p.host, NULL);

	if (!err)
		err = tee->ops->open(tee);
	if (!err)
		err = replay_run(r, &p);
	if (!err)
		err = replay_summary(r, &p, &s);
	if (!err)
		err = sink_end(tee, &s);
	if (tee->state)
		tee->ops->close(tee);
	free(s.rows);
	verdicts_free(p.verdicts);
	return err;
}

static int replay_into(const struct bundle *b, struct replay *r, const struct wanted *wanted)
{
	struct sink parts[FILES] = { 0 };
	struct sink tee = {
		.ops = &sink_tee,
		.config = { .host = replay_host(r), .parts = parts, .part_count = FILES },
	};
	size_t made = 0;
	int err = 0;

	for (; made < FILES && !err; made++) {
		parts[made] = (struct sink){
			.ops = files[made].sink,
			.config = { .fd = make(b, files[made].name),
				    .stack = true,
				    .environment = replay_environment(r) },
		};
		if (parts[made].config.fd < 0)
			err = parts[made].config.fd;
	}
	if (!err)
		err = feed(r, &tee, wanted);
	for (size_t i = 0; i < made; i++)
		if (parts[i].config.fd >= 0)
			close(parts[i].config.fd);
	return err;
}

/* One level of directories is all a bundle has. */
static void remove_all(const char *dir, bool deeper)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	char path[PATH_MAX];

	while (d && (entry = readdir(d))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		if (entry->d_type == DT_DIR && deeper)
			remove_all(path, false);
		else
			unlink(path);
	}
	if (d)
		closedir(d);
	rmdir(dir);
}

static int pack(const struct bundle *b)
{
	int err = tar_directory(b->archive, b->dir);

	if (err)
		return log_err(err, "%s: cannot be written; the files are in %s", b->archive,
			       b->dir);
	remove_all(b->dir, true);
	return 0;
}

int bundle_finish(struct bundle *b, const struct wanted *wanted)
{
	char path[PATH_MAX];
	struct replay *r = NULL;
	int err;

	snprintf(path, sizeof(path), "%s/%s", b->dir, BUNDLE_RECORDING);
	err = replay_open(&r, path);
	if (err)
		return err;
	err = replay_into(b, r, wanted);
	if (!err)
		err = write_environment(b, replay_environment(r));
	replay_close(r);
	if (err)
		return log_err(err, "%s: not all files could be made; %s can be replayed", b->dir,
			       path);
	return b->archive ? pack(b) : 0;
}

void bundle_discard(struct bundle *b)
{
	if (b->fd >= 0)
		remove_all(b->dir, false);
}

void bundle_close(struct bundle *b)
{
	if (b->fd >= 0)
		close(b->fd);
	free(b->dir);
	free(b->archive);
}
