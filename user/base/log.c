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

__attribute__((format(printf, 3, 0))) static void print(enum log_level level, int err,
							const char *fmt, va_list ap)
{
	static const char *const prefix[] = { "", "warning: ", "", "debug: " };
	size_t len = strlen(fmt);

	if (level > max_level)
		return;
	fprintf(stderr, "whydrop: %s", prefix[level]);
	vfprintf(stderr, fmt, ap);
	if (err < 0)
		fprintf(stderr, ": %s", strerror(-err));
	/* libraries end their lines themselves */
	if (!len || fmt[len - 1] != '\n')
		fputc('\n', stderr);
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
