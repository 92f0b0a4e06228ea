/* SPDX-License-Identifier: GPL-2.0-only */
/* What a loss can show to be needed: hooks that run for every packet wait until then. */
#ifndef DEMAND_H
#define DEMAND_H

/* Set by the programs, in a map that all of them share; user space attaches the hooks that wait for it. */
enum demand {
	DEMAND_NONE,
	DEMAND_RULES,	  /* netfilter dropped a packet, and no hook has told which rule */
	DEMAND_DATAGRAMS, /* a UDP socket was full, and no hook has told which */
	DEMAND_MAX,
};

#endif
