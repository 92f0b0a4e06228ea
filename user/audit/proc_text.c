/* SPDX-License-Identifier: GPL-2.0-only */
/* How each file of /proc lays its counters out. */
#include <string.h>

#include "audit/proc_text.h"

#define NAME_SIZE 80

/* A part of a text, not closed by a 0. */
struct span {
	const char *at;
	size_t size;
};

/* The next whole line of *text, false when there is none. */
static bool next_line(const char **text, struct span *line)
{
	const char *end = strchr(*text, '\n');

	if (!end)
		return false;
	*line = (struct span){ *text, (size_t)(end - *text) };
	*text = end + 1;
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool next_word(struct span *line, struct span *word)
{
	while (line->size && is_blank(*line->at)) {
		line->at++;
		line->size--;
	}
	*word = (struct span){ line->at, 0 };
	while (word->size < line->size && !is_blank(line->at[word->size]))
		word->size++;
	line->at += word->size;
	line->size -= word->size;
	return word->size;
}

static int digit(char c, int base)
{
	int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : base;

	return value < base ? value : -1;
}

/* The whole word is a number; the kernel's are of 64 bits at most, which wrap. */
static bool number(const struct span *word, int base, uint64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < word->size; i++) {
		int d = digit(word->at[i], base);

		if (d < 0)
			return false;
		*out = *out * base + d;
	}
	return word->size;
}

/* Under the name "<prefix><word>". */
static void add(struct readings *c, const struct span *prefix, const struct span *word,
		uint64_t value)
{
	char name[NAME_SIZE];

	if (prefix->size + word->size > sizeof(name))
		return;
	memcpy(name, prefix->at, prefix->size);
	memcpy(name + prefix->size, word->at, word->size);
	readings_add(c, name, prefix->size + word->size, value);
}

static void add_fixed(struct readings *c, const char *name, uint64_t value)
{
	readings_add(c, name, strlen(name), value);
}

/* Names and values side by side, as far as both go. */
static void add_columns(struct readings *c, const struct span *prefix, struct span names,
			struct span values, int base)
{
	struct span name, value;
	uint64_t n;

	while (next_word(&names, &name) && next_word(&values, &value))
		if (number(&value, base, &n))
			add(c, prefix, &name, n);
}

void proc_text_snmp(struct readings *c, const char *text)
{
	struct span names, values, group, again;

	while (next_line(&text, &names)) {
		if (!next_word(&names, &group) || group.at[group.size - 1] != ':')
			continue;
		if (!next_line(&text, &values))
			return;
		if (!next_word(&values, &again) || again.size != group.size ||
		    memcmp(again.at, group.at, group.size) != 0)
			continue;
		group.size--;
		add_columns(c, &group, names, values, 10);
	}
}

void proc_text_snmp6(struct readings *c, const char *text)
{
	const struct span no_prefix = { "", 0 };
	struct span line, name, value;
	uint64_t n;

	while (next_line(&text, &line))
		if (next_word(&line, &name) && next_word(&line, &value) && number(&value, 10, &n))
			add(c, &no_prefix, &name, n);
}

void proc_text_conntrack(struct readings *c, const char *text)
{
	const struct span prefix = { "conntrack:", 10 };
	struct span names, values;

	if (!next_line(&text, &names))
		return;
	while (next_line(&text, &values))
		add_columns(c, &prefix, names, values, 16);
}

/* softnet_seq_show() net/core/net-procfs.c: processed, dropped, ... */
void proc_text_softnet(struct readings *c, const char *text)
{
	struct span line, word;
	uint64_t n;

	while (next_line(&text, &line)) {
		if (!next_word(&line, &word) || !number(&word, 16, &n))
			continue;
		if (next_word(&line, &word) && number(&word, 16, &n))
			add_fixed(c, "softnet:dropped", n);
	}
}

/* dev_seq_printf_stats() net/core/net-procfs.c: received bytes, packets, errs, drop, ... */
static void add_device(struct readings *c, struct span line)
{
	static const char *const names[] = { [3] = "dev:rx_dropped", [11] = "dev:tx_dropped" };
	struct span word;
	uint64_t n;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!next_word(&line, &word) || !number(&word, 10, &n))
			return;
		if (names[i])
			add_fixed(c, names[i], n);
	}
}

/* A name may hold a colon; the last one ends it. */
void proc_text_dev(struct readings *c, const char *text)
{
	struct span line;
	size_t i;

	while (next_line(&text, &line)) {
		for (i = line.size; i && line.at[i - 1] != ':'; i--)
			;
		if (i)
			add_device(c, (struct span){ line.at + i, line.size - i });
	}
}
