/* SPDX-License-Identifier: GPL-2.0-only */
/* One run of the tracer: waits for records, time, signals and the end of a traced command. */
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>
#include <stdint.h>

#define SESSION_SOURCES 4

/* Something to wait for. The functions return 0, 1 to end the session, or -errno to end it as failed. */
struct session_source {
	int fd; /* negative: not there */
	bool edge; /* asked for when it wakes, not as long as something is there: that waits for the tick */
	int (*ready)(void *arg);
	void *arg;
};

struct session_config {
	struct session_source
		sources[SESSION_SOURCES]; /* served in this order, if several are ready */
	uint64_t duration_ns;		  /* 0: until stopped */
	uint64_t tick_ns;		  /* at most this long between two calls of tick */
	char **command;	   /* NULL, or argv of a command to run; its end ends the session */
	const char *begun; /* for standard error, once signals are heard; or NULL */
	int (*tick)(void *arg);
	int (*hangup)(void *arg); /* on SIGHUP; NULL: that is left as it is */
	void *arg;		  /* of tick and hangup */
};

struct session_result {
	int status;	  /* exit status of the command as a shell reports it; -1 without one */
	bool interrupted; /* by SIGINT or SIGTERM */
};

/* Run until something ends it. Returns 0 or -errno. Signals are as before when it returns. */
int session_run(const struct session_config *config, struct session_result *result);

#endif
