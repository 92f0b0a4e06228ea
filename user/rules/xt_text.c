/* SPDX-License-Identifier: GPL-2.0-only */
/* What the common matches of iptables say, from the structures they keep (include/uapi/linux/netfilter/xt_*). */
#include <linux/netfilter/xt_comment.h>
#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter/xt_mark.h>
#include <linux/netfilter/xt_tcpudp.h>
#include <stdio.h>
#include <string.h>

#include "rules/fetch.h"

static void space(struct strbuf *b)
{
	if (b->len && b->data[b->len - 1] != ' ')
		strbuf_putc(b, ' ');
}

static void ports(struct strbuf *b, const char *flag, bool not, const __u16 *range)
{
	if (range[0] == 0 && range[1] == 0xffff)
		return;
	strbuf_printf(b, "%s%s %u", not ? "! " : "", flag, range[0]);
	if (range[1] != range[0])
		strbuf_printf(b, ":%u", range[1]);
	strbuf_putc(b, ' ');
}

static bool udp(struct rule_info *out, struct strbuf *b, const void *info)
{
	struct xt_udp u;

	(void)out;
	memcpy(&u, info, sizeof(u));
	ports(b, "--sport", u.invflags & XT_UDP_INV_SRCPT, u.spts);
	ports(b, "--dport", u.invflags & XT_UDP_INV_DSTPT, u.dpts);
	return true;
}

static bool tcp(struct rule_info *out, struct strbuf *b, const void *info)
{
	struct xt_tcp t;

	(void)out;
	memcpy(&t, info, sizeof(t));
	ports(b, "--sport", t.invflags & XT_TCP_INV_SRCPT, t.spts);
	ports(b, "--dport", t.invflags & XT_TCP_INV_DSTPT, t.dpts);
	if (t.flg_mask)
		strbuf_printf(b, "--tcp-flags 0x%x 0x%x ", t.flg_mask, t.flg_cmp);
	return true;
}

static bool mark(struct rule_info *out, struct strbuf *b, const void *info)
{
	struct xt_mark_mtinfo1 m;

	(void)out;
	memcpy(&m, info, sizeof(m));
	strbuf_printf(b, "-m mark %s--mark 0x%x/0x%x ", m.invert ? "! " : "", m.mark, m.mask);
	return true;
}

/* Before revision 3 the states were a byte; what fits no revision is left alone. */
static bool conntrack(struct rule_info *out, struct strbuf *b, const void *info)
{
	static const char *const names[] = { "INVALID", "ESTABLISHED", "RELATED", "NEW" };
	struct xt_conntrack_mtinfo3 c;
	bool any = false;

	(void)out;
	memcpy(&c, info, sizeof(c));
	if (!(c.match_flags & XT_CONNTRACK_STATE))
		return false;
	strbuf_printf(b, "-m conntrack %s--ctstate ",
		      c.invert_flags & XT_CONNTRACK_STATE ? "! " : "");
	for (size_t i = 0; i < 4; i++)
		if (c.state_mask >> i & 1) {
			strbuf_printf(b, "%s%s", any ? "," : "", names[i]);
			any = true;
		}
	strbuf_putc(b, ' ');
	return true;
}

static bool comment(struct rule_info *out, struct strbuf *b, const void *info)
{
	size_t n = strnlen(info, sizeof(out->comment) - 1);

	(void)b;
	memcpy(out->comment, info, n);
	out->comment[n] = 0;
	return true;
}

bool xt_match_text(struct rule_info *out, struct strbuf *b, const char *name, const void *info,
		   size_t size)
{
	static const struct {
		const char *name;
		size_t size;
		bool (*write)(struct rule_info *out, struct strbuf *b, const void *info);
	} known[] = {
		{ "udp", sizeof(struct xt_udp), udp },
		{ "tcp", sizeof(struct xt_tcp), tcp },
		{ "mark", sizeof(struct xt_mark_mtinfo1), mark },
		{ "conntrack", sizeof(struct xt_conntrack_mtinfo3), conntrack },
		{ "comment", XT_MAX_COMMENT_LEN, comment },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(name, known[i].name) && size >= known[i].size) {
			space(b);
			return known[i].write(out, b, info);
		}
	return false;
}
