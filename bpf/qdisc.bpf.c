// SPDX-License-Identifier: GPL-2.0-only
/* Queueing disciplines: which of a device's tree refused the packet, where the kernel says so. */
#include "lib/common.bpf.h"

/* qdisc_drop(q, txq, dev, skb, reason), since 7.0: just before the packet is put on the list of those
 * that are freed. */
SEC("?tp_btf/qdisc_drop")
int qdisc_drop__tp_btf(__u64 *ctx)
{
	union detail detail = {};

	see_qdisc(true, &detail.qdisc, (void *)ctx[0]);
	note_leave(true, (void *)ctx[3], NULL, NOTE(NOTE_QDISC, 0), DETAIL_QDISC, &detail);
	return 0;
}
