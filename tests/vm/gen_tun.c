/* SPDX-License-Identifier: GPL-2.0-only */
/* A tun device with a program behind it that does not read. */
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "gen.h"

/* tun NAME MS: hold the device NAME open for MS */
static int tun(char **a, int n)
{
	struct ifreq r = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR);

	(void)n;
	strncpy(r.ifr_name, a[0], sizeof(r.ifr_name) - 1);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &r))
		die("tun");
	puts("open");
	fflush(stdout);
	sleep_ms(bounded(a[1]));
	return 0;
}

GEN_COMMAND(tun, "tun", "NAME MS", 2, 2);
