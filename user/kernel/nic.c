/* SPDX-License-Identifier: GPL-2.0-only */
/* Which requests of SIOCETHTOOL tell of a device's driver and offloads. */
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/nic.h"

static const struct {
	const char *name;
	unsigned int command;
	unsigned int mask; /* of the answer */
} offloads[] = {
	{ "rx-checksum", ETHTOOL_GRXCSUM, ~0U },
	{ "tx-checksum", ETHTOOL_GTXCSUM, ~0U },
	{ "sg", ETHTOOL_GSG, ~0U },
	{ "tso", ETHTOOL_GTSO, ~0U },
	{ "gso", ETHTOOL_GGSO, ~0U },
	{ "gro", ETHTOOL_GGRO, ~0U },
	{ "lro", ETHTOOL_GFLAGS, ETH_FLAG_LRO },
	{ "ntuple", ETHTOOL_GFLAGS, ETH_FLAG_NTUPLE },
	{ "rxhash", ETHTOOL_GFLAGS, ETH_FLAG_RXHASH },
};

static int request(int fd, const char *dev, void *data)
{
	struct ifreq r = { .ifr_data = data };

	strncpy(r.ifr_name, dev, sizeof(r.ifr_name) - 1);
	return ioctl(fd, SIOCETHTOOL, &r) ? -errno : 0;
}

static void describe(FILE *out, int fd, const char *dev)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };

	fprintf(out, "%s:", dev);
	if (!request(fd, dev, &info)) {
		fprintf(out, " driver %.31s", info.driver);
		if (info.version[0])
			fprintf(out, " %.31s", info.version);
		if (info.fw_version[0])
			fprintf(out, " firmware %.31s", info.fw_version);
	}
	fputs(" offloads", out);
	for (size_t i = 0; i < sizeof(offloads) / sizeof(offloads[0]); i++) {
		struct ethtool_value v = { .cmd = offloads[i].command };

		if (!request(fd, dev, &v) && v.data & offloads[i].mask)
			fprintf(out, " %s", offloads[i].name);
	}
	fputc('\n', out);
}

int nic_describe(struct environment *e)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), err;
	struct if_nameindex *all = if_nameindex();
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	for (struct if_nameindex *i = all; out && fd >= 0 && i && i->if_index; i++)
		describe(out, fd, i->if_name);
	if (all)
		if_freenameindex(all);
	if (fd >= 0)
		close(fd);
	err = !out || fclose(out) ? -ENOMEM : environment_add(e, "devices", text, size);
	free(text);
	return err;
}
