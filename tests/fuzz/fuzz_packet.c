/* SPDX-License-Identifier: GPL-2.0-only */
/* Any bytes as a packet: nothing is read beyond them, and what comes out can be written. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "decode/packet.h"
#include "sink/flow_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct flow *f)
{
	char text[160];
	struct strbuf b;

	if (f->family != 0 && f->family != 4 && f->family != 6)
		abort();
	if ((f->has_ports || f->has_tcp) && (!f->family || f->fragment))
		abort();
	if (!f->family)
		return;
	strbuf_init(&b, text, sizeof(text));
	flow_text(&b, f);
	if (b.truncated || strlen(text) != b.len)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct packet p;
	uint16_t ethertype;

	if (size < 2)
		return 0;
	ethertype = data[0] << 8 | data[1];
	packet_decode(&p, data + 2, size - 2, ethertype);
	check(&p.outer);
	check(&p.inner);
	if (p.tunnel >= TUNNEL_MAX || (p.inner.family && !tunnel_name(p.tunnel)))
		abort();
	if (p.tunnel && !p.outer.family)
		abort();
	return 0;
}
