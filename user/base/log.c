/* SPDX-License-Identifier: GPL-2.0-only */
/* How a message looks, and which level is printed: the only mutable state of file scope. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"

static enum log_level max_level = LOG_INFO;

void log_set_level(enum log_level level)
{
	max_level = level;
}

enum log_level log_get_level(void)
{
	return max_level;
}

static void print(enum log_level level, int err, const char *fmt, va_list ap)
{
	static const char *const prefix[] = { "", "warning: ", "", "debug: " };
	char line[1024];

	if (level > max_level)
		return;
	vsnprintf(line, sizeof(line), fmt, ap);
	if (err < 0)
		fprintf(stderr, "whydrop: %s%s: %s\n", prefix[level], line, strerror(-err));
	else
		fprintf(stderr, "whydrop: %s%s\n", prefix[level], line);
}

#define PRINT(level, err)                                                                          \
	do {                                                                                       \
		va_list ap;                                                                        \
		va_start(ap, fmt);                                                                 \
		print(level, err, fmt, ap);                                                        \
		va_end(ap);                                                                        \
	} while (0)

int log_err(int err, const char *fmt, ...)
{
	PRINT(LOG_ERR, err);
	return err;
}

int log_warn(int err, const char *fmt, ...)
{
	PRINT(LOG_WARN, err);
	return err;
}

void log_info(const char *fmt, ...)
{
	PRINT(LOG_INFO, 0);
}

void log_debug(const char *fmt, ...)
{
	PRINT(LOG_DEBUG, 0);
}

void log_vdebug(const char *fmt, va_list ap)
{
	print(LOG_DEBUG, 0, fmt, ap);
}
