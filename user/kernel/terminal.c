/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a process can see over which connection its user looks at it. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/terminal.h"

#define ANCESTORS 32
#define VARIABLE  "SSH_CONNECTION="

/* IPv4-mapped addresses are IPv4 on the wire. Returns 4, 6, or 0 for another family. */
static int set_end(struct knobs *knobs, int i, const struct sockaddr_storage *sa)
{
	const struct sockaddr_in *v4 = (const void *)sa;
	const struct sockaddr_in6 *v6 = (const void *)sa;

	memset(knobs->own_addr[i], 0, sizeof(knobs->own_addr[i]));
	if (sa->ss_family == AF_INET) {
		memcpy(knobs->own_addr[i], &v4->sin_addr, 4);
		knobs->own_port[i] = ntohs(v4->sin_port);
		return 4;
	}
	if (sa->ss_family != AF_INET6)
		return 0;
	knobs->own_port[i] = ntohs(v6->sin6_port);
	if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) {
		memcpy(knobs->own_addr[i], v6->sin6_addr.s6_addr + 12, 4);
		return 4;
	}
	memcpy(knobs->own_addr[i], &v6->sin6_addr, 16);
	return 6;
}

static bool from_socket(struct knobs *knobs, int fd)
{
	struct sockaddr_storage local, remote;
	socklen_t size = sizeof(local), size2 = sizeof(remote);
	int family;

	if (getsockname(fd, (void *)&local, &size) || getpeername(fd, (void *)&remote, &size2))
		return false;
	family = set_end(knobs, 0, &local);
	if (!family || set_end(knobs, 1, &remote) != family)
		return false;
	knobs->own_family = family;
	return true;
}

static bool parse_end(struct knobs *knobs, int i, const char *addr, const char *port)
{
	struct sockaddr_storage sa = { .ss_family = AF_INET };
	struct sockaddr_in *v4 = (void *)&sa;
	struct sockaddr_in6 *v6 = (void *)&sa;
	unsigned long n = strtoul(port, NULL, 10);

	if (!n || n > 65535)
		return false;
	if (inet_pton(AF_INET, addr, &v4->sin_addr) == 1) {
		v4->sin_port = htons(n);
	} else if (inet_pton(AF_INET6, addr, &v6->sin6_addr) == 1) {
		sa.ss_family = AF_INET6;
		v6->sin6_port = htons(n);
	} else {
		return false;
	}
	knobs->own_family = set_end(knobs, i, &sa);
	return true;
}

bool terminal_parse(struct knobs *knobs, const char *ssh_connection)
{
	char addr[2][64], port[2][8];
	bool ok;

	ok = sscanf(ssh_connection, "%63s %7s %63s %7s", addr[0], port[0], addr[1], port[1]) == 4 &&
	     parse_end(knobs, 0, addr[0], port[0]) && parse_end(knobs, 1, addr[1], port[1]);
	if (!ok)
		knobs->own_family = 0;
	return ok;
}

static bool from_environ(struct knobs *knobs, pid_t pid)
{
	char path[64], env[65536], *p;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/environ", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, env, sizeof(env) - 1);
	close(fd);
	if (n <= 0)
		return false;
	env[n] = 0;
	for (p = env; p < env + n; p += strlen(p) + 1)
		if (!strncmp(p, VARIABLE, strlen(VARIABLE)))
			return terminal_parse(knobs, p + strlen(VARIABLE));
	return false;
}

/* Field 4 of /proc/PID/stat, after a command name that may hold anything but a last ')'. */
static pid_t parent(pid_t pid)
{
	char path[64], stat[1024], *p;
	ssize_t n;
	int fd, ppid = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, stat, sizeof(stat) - 1);
	close(fd);
	if (n <= 0)
		return 0;
	stat[n] = 0;
	p = strrchr(stat, ')');
	if (!p || sscanf(p, ") %*c %d", &ppid) != 1)
		return 0;
	return ppid;
}

bool terminal_find(struct knobs *knobs)
{
	pid_t pid = getpid();

	if (from_socket(knobs, STDOUT_FILENO) || from_socket(knobs, STDERR_FILENO))
		return true;
	for (int i = 0; i < ANCESTORS && pid > 1; i++, pid = parent(pid))
		if (from_environ(knobs, pid))
			return true;
	return false;
}
