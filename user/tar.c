/* SPDX-License-Identifier: GPL-2.0-only */
/* The headers and blocks of a ustar archive. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "tar.h"

#define BLOCK 512

/* Numbers are octal texts. */
struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], type;
	char link[100], magic[6], version[2], user[32], group[32], major[8], minor[8];
	char prefix[155], pad[12];
};

_Static_assert(sizeof(struct header) == BLOCK, "a header is one block");

static int write_header(gzFile out, const char *name, const struct stat *st)
{
	struct header h = { .type = '0', .magic = "ustar", .version = { '0', '0' } };
	unsigned int sum = 0;

	if (strlen(name) >= sizeof(h.name))
		return -ENAMETOOLONG;
	strcpy(h.name, name);
	snprintf(h.mode, sizeof(h.mode), "%07o", 0600);
	snprintf(h.uid, sizeof(h.uid), "%07o", 0);
	snprintf(h.gid, sizeof(h.gid), "%07o", 0);
	snprintf(h.size, sizeof(h.size), "%011llo",
		 (unsigned long long)st->st_size & 077777777777ULL);
	snprintf(h.mtime, sizeof(h.mtime), "%011llo",
		 (unsigned long long)st->st_mtime & 077777777777ULL);
	memset(h.sum, ' ', sizeof(h.sum));
	for (size_t i = 0; i < sizeof(h); i++)
		sum += ((unsigned char *)&h)[i];
	snprintf(h.sum, sizeof(h.sum), "%06o", sum);
	return gzwrite(out, &h, sizeof(h)) == sizeof(h) ? 0 : -EIO;
}

/* Exactly as many bytes as the header said, whatever becomes of the file meanwhile. */
static int write_content(gzFile out, int fd, off_t size)
{
	char data[BLOCK * 64];

	while (size > 0) {
		size_t want = sizeof(data), whole;
		ssize_t n;

		if (size < (off_t)want)
			want = size;
		n = read(fd, data, want);
		if (n < 0)
			return -errno;
		memset(data + n, 0, sizeof(data) - n);
		whole = (want + BLOCK - 1) / BLOCK * BLOCK;
		if (n < (ssize_t)want || gzwrite(out, data, whole) != (int)whole)
			return -EIO;
		size -= want;
	}
	return 0;
}

static int add_file(gzFile out, const char *path, const char *name)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), err = 0;
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		err = -errno;
	else if (st.st_size > 077777777777LL)
		err = -EFBIG;
	if (!err)
		err = write_header(out, name, &st);
	if (!err)
		err = write_content(out, fd, st.st_size);
	close(fd);
	return err;
}

static int add_directory(gzFile out, const char *dir, const char *name)
{
	DIR *d = opendir(dir);
	char path[PATH_MAX], inner[PATH_MAX];
	struct dirent *entry;
	int err = d ? 0 : -errno;

	while (!err && (entry = readdir(d))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		snprintf(inner, sizeof(inner), "%s/%s", name, entry->d_name);
		err = entry->d_type == DT_DIR ? add_directory(out, path, inner)
					      : add_file(out, path, inner);
	}
	if (d)
		closedir(d);
	return err;
}

int tar_directory(const char *path, const char *dir)
{
	static const char end[2 * BLOCK];
	const char *base = strrchr(path, '/');
	gzFile out = gzopen(path, "wxe");
	char name[NAME_MAX + 1];
	int err;

	if (!out)
		return -errno;
	base = base ? base + 1 : path;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(base, "."), base);
	err = add_directory(out, dir, *name ? name : "capture");
	if (!err && gzwrite(out, end, sizeof(end)) != sizeof(end))
		err = -EIO;
	if (gzclose(out) != Z_OK && !err)
		err = -EIO;
	if (err)
		unlink(path);
	return err;
}
