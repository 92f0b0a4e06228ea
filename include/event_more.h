/* SPDX-License-Identifier: GPL-2.0-only */
/* What a record carries beyond the usual, for those who asked: see event.h. */
#ifndef EVENT_MORE_H
#define EVENT_MORE_H

#define MORE_SKB	1 /* --skb */
#define MORE_USER_STACK 2 /* --user-stack */
#define MORE_SNAP	4 /* --snaplen */

#define MORE_SKB_SIZE  256 /* bytes of a structure at most */
#define MORE_INFO_SIZE 64
#define MORE_SK_SIZE   1024
#define MORE_SNAP_MAX  2048
#define MORE_FRAMES    32

/* Structures as the kernel has them, from their beginning; sizes are of what could be read. */
struct event_more {
	__u32 pid; /* of the task that was running, as user space knows it; 0: it does not */
	__u16 user_frames; /* of its stack */
	__u16 snap_size;
	__u16 skb_size, info_size, sk_size; /* sk: less for a socket that is no full one */
	__u16 pad;
	char comm[16];
	__u64 user_stack
		[MORE_FRAMES]; /* innermost first; the first is where it entered the kernel */
	__u8 skb[MORE_SKB_SIZE];
	__u8 info[MORE_INFO_SIZE]; /* struct skb_shared_info */
	__u8 sk[MORE_SK_SIZE];
	__u8 snap[]; /* from the same place as the record's, and longer */
};

#endif
