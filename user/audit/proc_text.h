/* SPDX-License-Identifier: GPL-2.0-only */
/* The texts in which /proc shows counters. */
#ifndef AUDIT_PROC_TEXT_H
#define AUDIT_PROC_TEXT_H

#include "audit/counters.h"

/*
 * Each adds what the text, which ends with a 0, holds of the counters to *c. Any bytes will do: what is
 * not understood is left out, and so is a line without its end, since its last number may be cut short.
 */

/* net/snmp and net/netstat: a line of names, a line of values, each behind "Group:". */
void proc_text_snmp(struct readings *c, const char *text);
/* net/snmp6: a name and its value per line. */
void proc_text_snmp6(struct readings *c, const char *text);
/* net/stat/nf_conntrack: a line of names, a line of hexadecimal values per CPU. */
void proc_text_conntrack(struct readings *c, const char *text);
/* net/softnet_stat: a line of hexadecimal values per CPU, without names. */
void proc_text_softnet(struct readings *c, const char *text);
/* net/dev: two lines of headings, a line per device. */
void proc_text_dev(struct readings *c, const char *text);

#endif
