/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading netlink attributes: a sequence of type, length and padded data (linux/netlink.h). */
#ifndef RULES_ATTR_H
#define RULES_ATTR_H

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <string.h>

static inline const void *attr_data(const struct nlattr *a)
{
	return (const char *)a + NLA_HDRLEN;
}

static inline size_t attr_size(const struct nlattr *a)
{
	return a->nla_len - NLA_HDRLEN;
}

/* The attribute at p, NULL if what is left cannot hold it. */
static inline const struct nlattr *attr_at(const void *p, size_t left)
{
	const struct nlattr *a = p;

	return left >= NLA_HDRLEN && a->nla_len >= NLA_HDRLEN && a->nla_len <= left ? a : NULL;
}

#define attr_for_each(a, data, size)                                                               \
	for (const char *p_ = (const char *)(data), *end_ = p_ + (size);                           \
	     p_ < end_ && ((a) = attr_at(p_, end_ - p_)); p_ += NLA_ALIGN((a)->nla_len))

/* index[0..max]: the last attribute of each type, NULL where there is none. */
static inline void attr_index(const struct nlattr **index, int max, const void *data, size_t size)
{
	const struct nlattr *a;

	memset(index, 0, (max + 1) * sizeof(*index));
	attr_for_each(a, data, size) if ((a->nla_type & NLA_TYPE_MASK) <= max)
		index[a->nla_type & NLA_TYPE_MASK] = a;
}

static inline void attr_nest(const struct nlattr **index, int max, const struct nlattr *a)
{
	if (a)
		attr_index(index, max, attr_data(a), attr_size(a));
	else
		memset(index, 0, (max + 1) * sizeof(*index));
}

/* nf_tables writes numbers in network byte order; 0 where there is none. */
static inline uint32_t attr_u32(const struct nlattr *a)
{
	uint32_t value = 0;

	if (a && attr_size(a) == sizeof(value))
		memcpy(&value, attr_data(a), sizeof(value));
	return ntohl(value);
}

static inline void attr_string(char *out, size_t size, const struct nlattr *a)
{
	size_t n = a ? strnlen(attr_data(a), attr_size(a)) : 0;

	if (n >= size)
		n = size - 1;
	if (n)
		memcpy(out, attr_data(a), n);
	out[n] = 0;
}

#endif
