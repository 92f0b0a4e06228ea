/* SPDX-License-Identifier: GPL-2.0-only */
/* How /proc/PID/maps is read: proc_pid_maps(5). */
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attribute/mappings.h"

#define MAPS_MAX 262144 /* bytes: some thousand mappings; frames in what is behind have no name */
#define COMM	 16

/* At most size - 1 bytes of a file of the process, and a 0. Returns how many, or -1. */
static ssize_t read_file(int proc_fd, uint32_t pid, const char *name, char *out, size_t size)
{
	char path[32];
	size_t done = 0;
	ssize_t n = 1;
	int fd;

	snprintf(path, sizeof(path), "%u/%s", pid, name);
	fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	while (done < size - 1 && (n = read(fd, out + done, size - 1 - done)) > 0)
		done += n;
	close(fd);
	out[done] = 0;
	return n < 0 ? -1 : (ssize_t)done;
}

static bool is_same(int proc_fd, uint32_t pid, const char *comm)
{
	char now[COMM + 2];
	ssize_t n = read_file(proc_fd, pid, "comm", now, sizeof(now));

	if (n > 0 && now[n - 1] == '\n')
		now[n - 1] = 0;
	return n > 0 && !strncmp(now, comm, COMM);
}

char *mappings_read(int proc_fd, uint32_t pid, const char *comm)
{
	char *maps = malloc(MAPS_MAX);

	/* looked at behind it, too: the number may have been given to another meanwhile */
	if (maps && is_same(proc_fd, pid, comm) &&
	    read_file(proc_fd, pid, "maps", maps, MAPS_MAX) > 0 && is_same(proc_fd, pid, comm))
		return maps;
	free(maps);
	return NULL;
}

/* The last part of a path, without what tells of its being gone; what may not be printed is not. */
static void name_of(char *out, size_t size, const char *path, size_t len)
{
	const char *slash = memrchr(path, '/', len);
	size_t n = 0;

	if (slash) {
		len -= slash + 1 - path;
		path = slash + 1;
	}
	for (size_t i = 0; i < len && n < size - 1; i++)
		out[n++] = path[i] > ' ' && path[i] < 0x7f ? path[i] : '?';
	out[n] = 0;
}

bool mappings_name(char *out, const char *maps, uint64_t addr)
{
	char name[MAPPINGS_NAME - 24];
	uint64_t start, end, offset;
	int at;

	for (const char *line = maps; line && *line;) {
		size_t len = strcspn(line, "\n");

		at = 0;
		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %*s %" SCNx64 " %*s %*s %n", &start, &end,
			   &offset, &at) >= 3 &&
		    addr >= start && addr < end && at && (size_t)at < len) {
			name_of(name, sizeof(name), line + at, len - at);
			snprintf(out, MAPPINGS_NAME, "%s+0x%" PRIx64, name, addr - start + offset);
			return true;
		}
		line += len + (line[len] == '\n');
	}
	snprintf(out, MAPPINGS_NAME, "0x%" PRIx64, addr);
	return false;
}
