/* SPDX-License-Identifier: GPL-2.0-only */
/* Least privilege: what the agent can do with, of what it was given. */
#ifndef AGENT_CAPS_H
#define AGENT_CAPS_H

/*
 * Give up, for good and before there are threads, all capabilities that no part of the tracer uses, and the
 * gain of new ones by exec (PR_SET_NO_NEW_PRIVS). 0, or -errno after a message. capabilities(7)
 */
int caps_reduce(void);

/* Call `each` for every capability that this thread could use and does not have, with what is lost for that. */
void caps_each_missing(void (*each)(void *arg, const char *name, const char *lost), void *arg);

#endif
