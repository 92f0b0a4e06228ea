/* SPDX-License-Identifier: GPL-2.0-only */
/* Network devices, their drivers and what they do in the CPU's stead. */
#ifndef KERNEL_NIC_H
#define KERNEL_NIC_H

#include "environment.h"

/*
 * Add "devices": a line for each device of this network namespace, with driver, its version, the firmware's, and
 * the offloads that are on (ethtool(8), include/uapi/linux/ethtool.h). 0 or -ENOMEM.
 */
int nic_describe(struct environment *e);

#endif
