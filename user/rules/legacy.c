/* SPDX-License-Identifier: GPL-2.0-only */
/* How a legacy table is read back (IPT_SO_GET_ENTRIES), and which chain and number an offset in it is. */
#include <errno.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rules/fetch.h"

/* The two families differ in what an entry begins with and in the level of the socket option. */
struct family {
	int domain, level;
	size_t target, next, size; /* in an entry */
};

static const struct family v4 = { AF_INET, IPPROTO_IP, offsetof(struct ipt_entry, target_offset),
				  offsetof(struct ipt_entry, next_offset),
				  sizeof(struct ipt_entry) };
static const struct family v6 = { AF_INET6, IPPROTO_IPV6,
				  offsetof(struct ip6t_entry, target_offset),
				  offsetof(struct ip6t_entry, next_offset),
				  sizeof(struct ip6t_entry) };

_Static_assert(sizeof(struct ipt_getinfo) == sizeof(struct ip6t_getinfo), "one code for both");
_Static_assert(offsetof(struct ipt_get_entries, entrytable) ==
		       offsetof(struct ip6t_get_entries, entrytable),
	       "one code for both");

struct table {
	const struct family *f;
	struct ipt_getinfo info;
	const char *entries;
};

static unsigned int u16_at(const struct table *t, size_t at)
{
	uint16_t v;

	memcpy(&v, t->entries + at, sizeof(v));
	return v;
}

/* Length of the entry at this offset, 0 if it does not hold together. */
static size_t entry_size(const struct table *t, size_t at)
{
	size_t next, target;

	if (at + t->f->size > t->info.size)
		return 0;
	next = u16_at(t, at + t->f->next);
	target = u16_at(t, at + t->f->target);
	if (next < t->f->size || at + next > t->info.size || target < t->f->size ||
	    target + sizeof(struct xt_entry_target) > next)
		return 0;
	/* XT_ALIGN (linux/netfilter/x_tables.h) */
	if ((next | target) % __alignof__(struct xt_entry_target))
		return 0;
	return next;
}

static const struct xt_entry_target *target_at(const struct table *t, size_t at)
{
	return (const void *)(t->entries + at + u16_at(t, at + t->f->target));
}

static const char *builtin_at(const struct table *t, size_t at)
{
	static const char *const names[] = { "PREROUTING", "INPUT", "FORWARD", "OUTPUT",
					     "POSTROUTING" };

	for (size_t i = 0; i < 5; i++)
		if (t->info.valid_hooks >> i & 1 && t->info.hook_entry[i] == at)
			return names[i];
	return NULL;
}

/* A user chain begins with an entry whose target ERROR carries its name; built-in ones are in the info. */
static int find(struct rule_info *out, const struct table *t, size_t wanted)
{
	size_t size;

	for (size_t at = 0; at < t->info.size; at += size) {
		const struct xt_entry_target *target;
		const char *builtin = builtin_at(t, at);

		size = entry_size(t, at);
		if (!size)
			return -EPROTO;
		target = target_at(t, at);
		if (builtin) {
			strcpy(out->chain, builtin);
			out->number = 0;
		} else if (!strncmp(target->u.user.name, XT_ERROR_TARGET,
				    sizeof(target->u.user.name))) {
			const char *name = (const char *)target->data;
			size_t room = t->entries + at + size - name;

			if (room > XT_FUNCTION_MAXNAMELEN)
				room = XT_FUNCTION_MAXNAMELEN;
			memset(out->chain, 0, sizeof(out->chain));
			memcpy(out->chain, name, strnlen(name, room));
			out->number = 0;
			continue;
		}
		out->number++;
		if (at == wanted)
			return 0;
	}
	return -ENOENT;
}

static void address(struct strbuf *b, const char *flag, int family, bool not, const void *addr,
		    const void *mask)
{
	const unsigned char *m = mask;
	size_t size = family == 4 ? 4 : 16;
	unsigned int bits = 0;

	for (size_t i = 0; i < size; i++)
		bits += __builtin_popcount(m[i]);
	if (!bits)
		return;
	strbuf_printf(b, "%s%s ", not ? "! " : "", flag);
	strbuf_addr(b, family, addr);
	strbuf_printf(b, "/%u ", bits);
}

static void device(struct strbuf *b, const char *flag, bool not, const char *name,
		   const unsigned char *mask)
{
	if (!*name)
		return;
	strbuf_printf(b, "%s%s ", not ? "! " : "", flag);
	strbuf_printable(b, name, strnlen(name, IFNAMSIZ));
	strbuf_puts(b, mask[strnlen(name, IFNAMSIZ - 1)] ? " " : "+ ");
}

static void protocol(struct strbuf *b, bool not, unsigned int proto)
{
	const char *name = proto == 6	 ? "tcp"
			   : proto == 17 ? "udp"
			   : proto == 1	 ? "icmp"
			   : proto == 58 ? "ipv6-icmp"
					 : NULL;

	if (!proto)
		return;
	strbuf_printf(b, "%s-p ", not ? "! " : "");
	if (name)
		strbuf_printf(b, "%s ", name);
	else
		strbuf_printf(b, "%u ", proto);
}

static void addresses(struct strbuf *b, const struct table *t, size_t at)
{
	struct ipt_ip ip;
	struct ip6t_ip6 ip6;

	if (t->f == &v4) {
		memcpy(&ip, t->entries + at, sizeof(ip));
		address(b, "-s", 4, ip.invflags & IPT_INV_SRCIP, &ip.src, &ip.smsk);
		address(b, "-d", 4, ip.invflags & IPT_INV_DSTIP, &ip.dst, &ip.dmsk);
		device(b, "-i", ip.invflags & IPT_INV_VIA_IN, ip.iniface, ip.iniface_mask);
		device(b, "-o", ip.invflags & IPT_INV_VIA_OUT, ip.outiface, ip.outiface_mask);
		protocol(b, ip.invflags & XT_INV_PROTO, ip.proto);
		return;
	}
	memcpy(&ip6, t->entries + at, sizeof(ip6));
	address(b, "-s", 6, ip6.invflags & IP6T_INV_SRCIP, &ip6.src, &ip6.smsk);
	address(b, "-d", 6, ip6.invflags & IP6T_INV_DSTIP, &ip6.dst, &ip6.dmsk);
	device(b, "-i", ip6.invflags & IP6T_INV_VIA_IN, ip6.iniface, ip6.iniface_mask);
	device(b, "-o", ip6.invflags & IP6T_INV_VIA_OUT, ip6.outiface, ip6.outiface_mask);
	protocol(b, ip6.invflags & XT_INV_PROTO, ip6.proto);
}

static void matches(struct rule_info *out, struct strbuf *b, const struct table *t, size_t at)
{
	size_t end = at + u16_at(t, at + t->f->target), m = at + t->f->size;

	while (m + sizeof(struct xt_entry_match) <= end) {
		const struct xt_entry_match *match = (const void *)(t->entries + m);
		size_t size = match->u.match_size;
		char name[XT_EXTENSION_MAXNAMELEN + 1] = "";

		if (size < sizeof(*match) || m + size > end || size % __alignof__(*match))
			return;
		memcpy(name, match->u.user.name, sizeof(match->u.user.name));
		if (!xt_match_text(out, b, name, match->data, size - sizeof(*match)))
			strbuf_printf(b, "-m %s ", name);
		m += size;
	}
}

static void write_text(struct rule_info *out, const struct table *t, size_t at)
{
	const struct xt_entry_target *target = target_at(t, at);
	char name[XT_EXTENSION_MAXNAMELEN + 1] = "";
	struct strbuf b;

	strbuf_init(&b, out->text, sizeof(out->text));
	strbuf_printf(&b, "-A %s ", out->chain);
	addresses(&b, t, at);
	matches(out, &b, t, at);
	memcpy(name, target->u.user.name, sizeof(target->u.user.name));
	strbuf_printf(&b, "-j %s", *name ? name : "DROP");
}

int legacy_parse(struct rule_info *out, int family, const struct ipt_getinfo *info,
		 const char *entries, size_t wanted)
{
	struct table t = { .f = family == 4 ? &v4 : &v6, .info = *info, .entries = entries };
	int err = find(out, &t, wanted);

	if (!err)
		write_text(out, &t, wanted);
	return err;
}

/* The table of that name; what *get points to belongs to the caller. */
static int read_table(struct ipt_getinfo *info, struct ipt_get_entries **get,
		      const struct family *f, const char *name)
{
	int fd = socket(f->domain, SOCK_DGRAM | SOCK_CLOEXEC, 0), err = 0;
	socklen_t size = sizeof(*info);

	if (fd < 0)
		return -errno;
	memset(info, 0, sizeof(*info));
	memcpy(info->name, name, strnlen(name, sizeof(info->name) - 1));
	if (getsockopt(fd, f->level, IPT_SO_GET_INFO, info, &size))
		err = -errno;
	if (!err && !(*get = calloc(1, sizeof(**get) + info->size)))
		err = -ENOMEM;
	if (!err) {
		memcpy((*get)->name, info->name, sizeof((*get)->name));
		(*get)->size = info->size;
		size = sizeof(**get) + info->size;
		if (getsockopt(fd, f->level, IPT_SO_GET_ENTRIES, *get, &size))
			err = -errno;
	}
	close(fd);
	return err;
}

int legacy_fetch(struct rule_info *out, const struct detail_nf_rule *d)
{
	int family = d->family == 10 ? 6 : 4, err;
	char name[XT_TABLE_MAXNAMELEN] = "";
	struct ipt_get_entries *get = NULL;
	struct ipt_getinfo info;

	if (d->backend != NF_BACKEND_LEGACY)
		return -EOPNOTSUPP;
	memcpy(name, d->table, sizeof(name) - 1);
	err = read_table(&info, &get, family == 4 ? &v4 : &v6, name);
	if (!err)
		err = legacy_parse(out, family, &info, (const char *)get->entrytable, d->rule - 1);
	free(get);
	return err;
}
