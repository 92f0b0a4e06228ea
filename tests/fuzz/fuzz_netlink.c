/* SPDX-License-Identifier: GPL-2.0-only */
/* Any bytes as what the kernel tells over netlink of links, addresses, connections and modules. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attribute/podnet_parse.h"
#include "attribute/watch_impl.h"
#include "kernel/ct_dump.h"
#include "kernel/modules.h"

#define PODS 4

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void answer(const void *data, size_t size)
{
	struct podnet net = { .nsid = -1 };
	struct podnet_answer a = { .net = &net, .nsid = -1 };

	podnet_parse(&a, data, size);
	if (net.addr_count > PODNET_ADDRS || a.link_count > PODNET_DEVS)
		abort();
	for (size_t i = 0; i < net.addr_count; i++)
		if (net.addr[i].family != 4 && net.addr[i].family != 6)
			abort();
}

static int connection(void *arg, uint8_t family, const uint8_t src[16])
{
	static const uint8_t none[16];

	(void)arg;
	if ((family != 4 && family != 6) || (family == 4 && memcmp(src + 4, none, 12)))
		abort();
	return 0;
}

static void connections(const void *data, size_t size)
{
	ct_dump_parse(data, size, connection, NULL);
}

/* A descriptor from which the datagram can be read; it is the caller's. */
static int datagram(const void *data, size_t size)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, fds))
		abort();
	if (send(fds[1], data, size, 0) < 0)
		abort();
	close(fds[1]);
	return fds[0];
}

/* Pods with the numbers that their namespaces have for the host. */
static void notification(const void *data, size_t size)
{
	struct watch w = { .root_fd = -1, .proc_fd = -1, .tree.fd = -1, .now_ns = 1 };
	struct pod *pod;
	char uid[] = "00000000-0000-4000-8000-000000000000";

	if (pods_new(&w.pods))
		abort();
	for (int i = 0; i < PODS; i++) {
		uid[0] = (char)('0' + i);
		if (pods_add(w.pods, uid, &pod))
			abort();
		pod->nsid = i;
	}
	w.link_fd = datagram(data, size);
	watch_link_read(&w);
	close(w.link_fd);
	pods_free(w.pods);
}

static void loaded(void *arg, const char *module, bool came)
{
	(void)came;
	*(size_t *)arg += strlen(module);
}

static void uevent(const void *data, size_t size)
{
	int fd = datagram(data, size);
	size_t letters = 0;

	modules_read(fd, loaded, &letters);
	if (letters > size)
		abort();
	close(fd);
}

/* The first byte tells whose words they are; each reader gets memory that ends where the data do. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const readers[])(const void *, size_t) = { answer, connections, notification,
								 uevent };
	void *exact;

	if (size < 2)
		return 0;
	exact = malloc(size - 1);
	if (!exact)
		return 0;
	memcpy(exact, data + 1, size - 1);
	readers[data[0] % (sizeof(readers) / sizeof(readers[0]))](exact, size - 1);
	free(exact);
	return 0;
}
