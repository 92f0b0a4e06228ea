/* SPDX-License-Identifier: GPL-2.0-only */
/* The file format of recordings (events.wd), for those who write and those who read it. */
#ifndef SOURCE_RECORDING_H
#define SOURCE_RECORDING_H

/*
 * Numbers are little-endian (base/pack.h); only the kernel's records are as the recording machine had them,
 * whose byte order the header tells. The file is the header and then chunks:
 *
 *	header	magic[8], version u32, EVENT_VERSION u32, sizeof(struct event) u32, RECORDING_ORDER in the byte
 *		order of the machine [4], 0 u32, CRC-32 of all that u32
 *	chunk	size of its entries u32, size of the deflated entries that follow (RFC 1950) u32, CRC-32 of
 *		these two and the deflated entries u32
 *	entry	type u8 (enum recording_entry), size u32, content
 *
 * A chunk is written whole or not at all, so a recording that was cut off is good up to its last whole chunk.
 * The first chunk holds the host and no event. What an event refers to is in front of it. A recording that was
 * ended in order ends with its account.
 */
#define RECORDING_MAGIC	  "whydrop\x1a"
#define RECORDING_VERSION 2
#define RECORDING_OLDEST  1 /* that can still be read: it has fewer types and a shorter account */
#define RECORDING_ORDER	  0x01020304
#define RECORDING_HEADER  32
#define RECORDING_CHUNK	  12	 /* bytes of a chunk's header */
#define RECORDING_WRITE	  131072 /* a chunk is written when its entries are as long, or at the tick */
#define RECORDING_MAX	  1048576 /* no chunk's entries are longer */
#define RECORDING_TEXT	  2048	  /* no name is longer, nor a pod's labels */

/* Contents in order; text as pack_text() writes it. Ids count from 1, 0 stands for nobody and nothing. */
enum recording_entry {
	REC_HOST = 1, /* members of struct host that are numbers, u64 each, see recorded_limits */
	REC_TEXT,     /* name, text: an item of the environment */
	REC_REASON,   /* number u32, name */
	REC_SYMBOL,   /* address u64, start u64, size u64, function, module */
	REC_OWNER, /* id u32, terminated_ns u64, netns u32, how u8, flags u8, the texts of struct owner; the
			 last, the labels, may be missing */
	REC_RULE,  /* id u32, number u32, chain, text, comment, named */
	REC_STACK, /* id u32, frames u32, addresses u64 */
	REC_ANSWER, /* a struct question: kind u32, family u32, addr[16], id u64; answer: owner u32 */
	REC_EVENT, /* victim u32, peer u32, rule u32, stack u32, time_real_ns u64, process and holder: pid
			 u32, holders u32, comm[16]; struct event without its stack */
	REC_COUNT, /* struct loss_key, victim u32, hidden u32, buffers u64, packets u64, bytes u64 */
	REC_ACCOUNT, /* members of struct summary_account, u64 each, in order; what is not there is 0 */
	REC_EXTRA, /* of the event that follows: values: name, number u64, enum extra_format u8; frames: name; the
		    * counts of both u32 in front; size of the packet u32, its bytes */
	REC_MAX
};

#endif
