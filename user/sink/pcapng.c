/* SPDX-License-Identifier: GPL-2.0-only */
/* The lost packets as pcapng (draft-ietf-opsawg-pcapng): which device each was on, and what is told of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/pack.h"
#include "extra.h"
#include "fields.h"
#include "sink/out.h"
#include "sink/owner_text.h"
#include "sink/sinks.h"
#include "summary.h"

enum block {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6
};

enum pcapng_option {
	END_OF_OPTIONS,
	COMMENT,
	IF_NAME = 2,
	IF_DESCRIPTION = 3,
	IF_TSRESOL = 9,
	SHB_USERAPPL = 4,
	ISB_IFDROP = 5,
};

/* https://www.tcpdump.org/linktypes.html */
enum link_type {
	LINK_ETHERNET = 1,
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_USER0 = 147, /* bytes of a protocol that is not known */
};

#define BYTE_ORDER_MAGIC 0x1a2b3c4d
#define COMMENT_SIZE	 1024
#define ETHERNET	 14

/* One interface of the file: packets of one device may begin with different headers. */
struct iface {
	uint32_t netns;
	uint32_t ifindex;
	uint32_t link;
	char dev[16];
};

/* What of the record is the packet. */
struct bytes_of {
	enum link_type link;
	const uint8_t *data;
	size_t size;
	uint32_t length; /* of the whole packet, with the same headers */
};

struct pcapng {
	struct out out;
	struct packer block;
	struct hash ifaces; /* 1 + number of the interface, by struct iface */
	uint64_t *drops;    /* by number of the interface: packets */
	uint64_t last_ns;
	uint32_t snap_max; /* bytes that a packet of the next interface may have here */
};

static void option(struct packer *p, enum pcapng_option code, const void *data, size_t size)
{
	static const uint8_t zeros[4];

	pack_u32(p, code | (uint32_t)size << 16);
	pack_raw(p, data, size);
	pack_raw(p, zeros, -size & 3);
}

static void option_text(struct packer *p, enum pcapng_option code, const char *text)
{
	option(p, code, text, strlen(text));
}

static void begin(struct pcapng *s, enum block type)
{
	s->block.len = 0;
	pack_u32(&s->block, type);
	pack_u32(&s->block, 0);
}

static int finish(struct pcapng *s)
{
	struct packer *p = &s->block;
	int err;

	pack_u32(p, p->len + 4);
	if (p->failed)
		return -ENOMEM;
	pack_u32_at(p, 4, p->len);
	err = out_reserve(&s->out);
	strbuf_add(&s->out.buf, (const char *)p->data, p->len);
	return err;
}

static int write_section(struct pcapng *s)
{
	struct packer *p = &s->block;

	begin(s, BLOCK_SECTION);
	pack_u32(p, BYTE_ORDER_MAGIC);
	pack_u32(p, 1);		 /* version 1.0 */
	pack_u64(p, UINT64_MAX); /* the length of the section is not known */
	option_text(p, SHB_USERAPPL, "whydrop " WHYDROP_VERSION);
	option(p, END_OF_OPTIONS, NULL, 0);
	return finish(s);
}

static int pcapng_open(struct sink *s)
{
	struct pcapng *p = calloc(1, sizeof(*p));

	if (!p)
		return -ENOMEM;
	out_init(&p->out, &s->config);
	hash_init(&p->ifaces, sizeof(struct iface));
	s->state = p;
	return write_section(p);
}

/* An Ethernet header, perhaps with VLAN tags, ends in what the kernel took the packet for. */
static bool is_ethernet(const struct event *ev)
{
	const uint8_t *l3 = ev->snap + ev->l3_offset;

	return ev->l3_offset >= ETHERNET && (l3[-2] << 8 | l3[-1]) == ev->key.l3;
}

static uint16_t be16(const uint8_t *b)
{
	return b[0] << 8 | b[1];
}

/* A packet that was never on an Ethernet has no header of one: then the network header is the first. */
static struct bytes_of bytes_of(const struct event *ev, const struct extra *x)
{
	bool longer = x && x->snap;
	struct bytes_of b = { LINK_USER0, longer ? x->snap : ev->snap,
			      longer ? x->snap_size : ev->snap_size, ev->length };
	size_t l3 = ev->l3_offset, size, told = 0;

	if (l3 < ev->snap_size) {
		size = b.size - l3;
		if (ev->snap[l3] >> 4 == 4 && size >= 20) {
			b.link = LINK_IPV4;
			told = be16(ev->snap + l3 + 2);
		} else if (ev->snap[l3] >> 4 == 6 && size >= 40) {
			b.link = LINK_IPV6;
			told = be16(ev->snap + l3 + 4) + 40U;
		}
		if (is_ethernet(ev)) {
			b.link = LINK_ETHERNET;
			told += l3;
		} else {
			b.data += l3;
			b.size = size;
		}
	}
	/* headers are taken off skb->len on the way up, but not off what the IP header tells of one packet */
	if (told > l3 && ev->segs <= 1)
		b.length = told;
	if (b.length < b.size)
		b.length = b.size;
	return b;
}

static int write_interface(struct pcapng *s, const struct iface *i)
{
	static const uint8_t nanoseconds = 9;
	struct packer *p = &s->block;
	char text[64];
	struct strbuf b;

	begin(s, BLOCK_INTERFACE);
	pack_u32(p, i->link);
	pack_u32(p, s->snap_max);
	strbuf_init(&b, text, sizeof(text));
	strbuf_printable(&b, i->dev, strnlen(i->dev, sizeof(i->dev)));
	if (b.len)
		option_text(p, IF_NAME, text);
	strbuf_reset(&b);
	strbuf_printf(&b, "netns %u ifindex %u", i->netns, i->ifindex);
	option_text(p, IF_DESCRIPTION, text);
	option(p, IF_TSRESOL, &nanoseconds, 1);
	option(p, END_OF_OPTIONS, NULL, 0);
	return finish(s);
}

/* The number of the packet's interface, which is described first; -errno. */
static int64_t interface(struct pcapng *s, const struct event *ev, enum link_type link)
{
	struct iface key;
	uintptr_t known;
	uint64_t *grown;
	uint32_t count = s->ifaces.count;

	memset(&key, 0, sizeof(key));
	key.netns = ev->key.netns;
	key.ifindex = ev->key.ifindex;
	key.link = link;
	memcpy(key.dev, ev->dev, sizeof(key.dev));
	known = (uintptr_t)hash_get(&s->ifaces, &key);
	if (known)
		return known - 1;
	grown = realloc(s->drops, (count + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	s->drops = grown;
	s->drops[count] = 0;
	if (hash_put(&s->ifaces, &key, (void *)(uintptr_t)(count + 1)))
		return -ENOMEM;
	return write_interface(s, &key) ? -ENOMEM : (int64_t)count;
}

static void put_value(struct strbuf *b, const struct field_value *v)
{
	if (v->is_string)
		strbuf_printable(b, v->string, v->size);
	else
		strbuf_u64(b, v->number);
}

/* "no-listener reason NO_SOCKET at __udp4_lib_rcv+0x4bc of shop/db-0; receive_queue_bytes 3" */
static void comment(struct strbuf *b, const struct drop *d, const struct host *h)
{
	const struct verdict *v = d->verdict;
	struct field_value value;

	strbuf_puts(b, v->cause->name);
	if (v->loss.reason)
		strbuf_printf(b, " reason %s", v->loss.reason);
	if (*v->loss.symbol)
		strbuf_printf(b, " at %s+0x%lx/0x%lx", v->loss.symbol, v->loss.offset,
			      v->loss.symbol_size);
	if (*v->loss.module)
		strbuf_printf(b, " [%s]", v->loss.module);
	strbuf_puts(b, " of ");
	owner_text(b, &v->victim, h, d->ev->time_ns);
	for (int i = 0; i < CAUSE_EVIDENCE && v->cause->evidence[i]; i++) {
		const struct field *f = field_find(v->cause->evidence[i]);

		if (!f || !field_get(f, d, h, &value))
			continue;
		strbuf_printf(b, "; %s ", f->name);
		put_value(b, &value);
	}
}

static int pcapng_drop(struct sink *s, const struct drop *d)
{
	struct pcapng *p = s->state;
	const struct event *ev = d->ev;
	char text[COMMENT_SIZE];
	struct bytes_of bytes = bytes_of(ev, d->extra);
	struct strbuf b;
	int64_t id;

	/* of a call there is no packet, and what is only noticed is not lost */
	if (ev->key.kind == EV_CALL || ev->key.kind == EV_NOTICE)
		return 0;
	p->snap_max = d->extra ? MORE_SNAP_MAX : EVENT_SNAP;
	id = interface(p, ev, bytes.link);
	if (id < 0)
		return id;
	p->drops[id] += ev->segs;
	p->last_ns = d->time_real_ns;
	strbuf_init(&b, text, sizeof(text));
	comment(&b, d, s->config.host);
	begin(p, BLOCK_PACKET);
	pack_u32(&p->block, id);
	pack_u32(&p->block, d->time_real_ns >> 32);
	pack_u32(&p->block, d->time_real_ns);
	pack_u32(&p->block, bytes.size);
	pack_u32(&p->block, bytes.length);
	pack_raw(&p->block, bytes.data, bytes.size);
	pack_raw(&p->block, "\0\0\0", -bytes.size & 3);
	option_text(&p->block, COMMENT, text);
	option(&p->block, END_OF_OPTIONS, NULL, 0);
	return finish(p);
}

static int pcapng_tick(struct sink *s, uint64_t now_ns)
{
	struct pcapng *p = s->state;

	(void)now_ns;
	return out_flush(&p->out);
}

/* What was lost per interface, for programs that do not count packet blocks. */
static int pcapng_end(struct sink *s, const struct summary *sum)
{
	struct pcapng *p = s->state;
	int err = 0;

	(void)sum;
	for (uint32_t i = 0; i < p->ifaces.count && !err; i++) {
		struct packer drops = { 0 };

		pack_u64(&drops, p->drops[i]);
		begin(p, BLOCK_STATISTICS);
		pack_u32(&p->block, i);
		pack_u32(&p->block, p->last_ns >> 32);
		pack_u32(&p->block, p->last_ns);
		option(&p->block, ISB_IFDROP, drops.data, drops.len);
		option(&p->block, END_OF_OPTIONS, NULL, 0);
		err = drops.failed ? -ENOMEM : finish(p);
		pack_free(&drops);
	}
	return err;
}

static void pcapng_close(struct sink *s)
{
	struct pcapng *p = s->state;

	out_flush(&p->out);
	hash_free(&p->ifaces);
	pack_free(&p->block);
	free(p->drops);
	free(p);
	s->state = NULL;
}

const struct sink_ops sink_pcapng = {
	.name = "pcapng",
	.help = "the packets' first bytes for Wireshark, with the cause as comment",
	.open = pcapng_open,
	.drop = pcapng_drop,
	.tick = pcapng_tick,
	.end = pcapng_end,
	.close = pcapng_close,
};
