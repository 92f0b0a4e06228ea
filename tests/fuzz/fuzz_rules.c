/* SPDX-License-Identifier: GPL-2.0-only */
/* Any bytes as the kernel's answer about a firewall rule: its words are words, and end where there is no more room. */
#include <linux/netfilter_ipv4/ip_tables.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rules/fetch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct rule_info *r)
{
	rule_named(r);
	if (strnlen(r->chain, sizeof(r->chain)) == sizeof(r->chain) ||
	    strnlen(r->text, sizeof(r->text)) == sizeof(r->text) ||
	    strnlen(r->comment, sizeof(r->comment)) == sizeof(r->comment) ||
	    strnlen(r->named, sizeof(r->named)) == sizeof(r->named))
		abort();
}

/* Which entries built-in chains begin with are the first bytes, the wanted one the next. */
static void legacy(int family, const uint8_t *data, size_t size)
{
	struct ipt_getinfo info = { .valid_hooks = 0x1f };
	struct rule_info r = { 0 };
	char *entries;

	if (size < 6)
		return;
	for (size_t i = 0; i < 5; i++)
		info.hook_entry[i] = data[i] * 8;
	info.size = size - 6;
	entries = malloc(info.size + 1);
	if (!entries)
		return;
	memcpy(entries, data + 6, info.size);
	legacy_parse(&r, family, &info, entries, data[5] * 8);
	check(&r);
	free(entries);
}

static void nft(const uint8_t *data, size_t size)
{
	void *exact = malloc(size ? size : 1);
	struct rule_info r = { 0 };
	bool found = false;

	if (!exact)
		return;
	memcpy(exact, data, size);
	nft_parse(&r, exact, size, 4, &found);
	check(&r);
	free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	if (data[0] & 1)
		nft(data + 1, size - 1);
	else
		legacy(data[0] & 2 ? 4 : 6, data + 1, size - 1);
	return 0;
}
