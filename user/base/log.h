/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages for people, on stderr: one line each, said once, by the function that knows the object. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdarg.h>

enum log_level {
	LOG_ERR,
	LOG_WARN,
	LOG_INFO,
	LOG_DEBUG
};

/* Messages above `level` are not printed; the default is LOG_INFO. */
void log_set_level(enum log_level level);
enum log_level log_get_level(void);

/* Print "whydrop: ..." (and ": strerror" when err is a -errno) and return err, so that a caller can
 * `return log_err(-ENOENT, "%s: no such cause; try 'whydrop explain'", name)`. err 0 adds nothing. */
int log_err(int err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int log_warn(int err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_vdebug(const char *fmt, va_list ap) __attribute__((format(printf, 1, 0)));

#endif
