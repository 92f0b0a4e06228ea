/* SPDX-License-Identifier: GPL-2.0-only */
/* What the user asked for, in the form the BPF programs read: filters and sampling. */
#ifndef KNOBS_H
#define KNOBS_H

#define KNOBS_REASONS 256 /* core drop reasons that can be muted; 7.3 has 123 */

/* What of a packet's surroundings the cause of a loss shows: the rest is not read. */
#define NEED_QUEUE 1 /* the queue of its device */
#define NEED_ROUTE 2 /* the MTU of its route */

struct knobs {
	__u8 events;	    /* send details to the ring buffer */
	__u8 stack;	    /* with the kernel stack */
	__u8 filter;	    /* any of the filters below is set */
	__u8 filter_proto;  /* IPPROTO_*, 0 for any */
	__u16 filter_port;  /* host byte order, either end, 0 for any */
	__u8 filter_family; /* 4 or 6 when filter_addr is set, else 0 */
	__u8 own_family;    /* 4 or 6 when own_* name the tracer's own connection, else 0 */
	__u32 filter_netns; /* inode, 0 for any */
	__u32 filter_owner; /* leave out what the maps of unwanted owners hold */
	__u32 host_netns;   /* inode of the host's own, 0 if unknown */
	__u32 filter_ifindex;
	__u8 filter_addr[16]; /* either end, network byte order; IPv4 in the first 4 bytes */
	__u8 own_addr[2][16]; /* the two ends of the tracer's own terminal connection */
	__u16 own_port[2];    /* host byte order */
	/* Details of one key: one per gap on the average, and as many at once as fit into burst. 0: all. */
	__u64 detail_gap_ns;
	__u64 detail_burst_ns;
	__u32 wakeup_mask; /* wake the reader when the low bits of a CPU's sent records are all set */
	/* What a record has beyond the usual: MORE_* of event_more.h, and sizes in bytes, up to what that has room for */
	__u32 more;
	__u32 record_size; /* of all of it */
	__u32 snap_size;
	__u32 dump_skb, dump_info, dump_sk, dump_sk_common;
	__u64 pidns_dev, pidns_ino; /* the PID namespace whose numbers user space knows */
	__u8 mute[KNOBS_REASONS];   /* reasons whose every free is normal: counted, not sent */
	__u8 need[KNOBS_REASONS];   /* NEED_*, where no note and no fact tells the cause */
};

#endif
