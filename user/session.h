/* SPDX-License-Identifier: GPL-2.0-only */
/* One run of the tracer: waits for records, time, signals and the end of a traced command. */
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>
#include <stdint.h>

struct session_config {
	int events_fd;	      /* readable when records wait */
	uint64_t duration_ns; /* 0: until stopped */
	uint64_t tick_ns;     /* at most this long between two calls of tick */
	char **command;	      /* NULL, or argv of a command to run; its end ends the session */
	/* Each returns 0, 1 to end the session, or -errno to end it as failed. */
	int (*records)(void *arg); /* events_fd is readable */
	int (*tick)(void *arg);
	void *arg;
};

struct session_result {
	int status;	  /* exit status of the command as a shell reports it; -1 without one */
	bool interrupted; /* by SIGINT or SIGTERM */
};

/* Run until something ends it. Returns 0 or -errno. Signals are as before when it returns. */
int session_run(const struct session_config *config, struct session_result *result);

#endif
