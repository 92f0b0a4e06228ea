/* SPDX-License-Identifier: GPL-2.0-only */
/* What the generators share: addresses, bounds, and how a command of theirs is made known. */
#ifndef GEN_H
#define GEN_H

#include <stdint.h>
#include <sys/socket.h>

#define LIMIT 1000000 /* no load of this program is larger, but that of a blast */

struct end {
	struct sockaddr_storage sa;
	socklen_t size;
};

struct gen_command {
	const char *name, *args;
	int min, max; /* arguments */
	int (*run)(char **args, int count);
};

/* In each file, behind the function: GEN_COMMAND(udp, "udp", "ADDR PORT", 2, 2); */
#define GEN_COMMAND(fn_, name_, args_, min_, max_)                                                 \
	static const struct gen_command command_##fn_ = { name_, args_, min_, max_, fn_ };         \
	static const struct gen_command *const entry_##fn_                                         \
		__attribute__((used, section("gen_commands"))) = &command_##fn_

_Noreturn void die(const char *what);
/* Exits on what is no address. */
struct end parse(const char *addr, const char *port);
/* A number from 0 to LIMIT, or the end. */
int bounded(const char *text);
void sleep_ms(int ms);
/* The same, but SIGTERM ends it early and not the program. */
void sleep_until_told(int ms);
void pin(int cpu);

#endif
