/* SPDX-License-Identifier: GPL-2.0-only */
/* What of a recording tells who somebody is, and what stands there instead. */
#ifndef REDACT_H
#define REDACT_H

#include <stdint.h>
#include <linux/types.h>

#include "attribute/owner.h"
#include "event.h"

struct redact;
struct rule_info;

/*
 * With a key of its own, drawn now and never written: the same address or name becomes the same other one in
 * this run and in no other. 0 or -errno. Free with redact_free, which takes NULL.
 */
int redact_new(struct redact **out);
void redact_free(struct redact *r);

/*
 * Replace an address in place. Two addresses that share their first n bits share the first n bits afterwards
 * (Xu, Fan, Ammar, Moon: Crypto-PAn, with SipHash-2-4 in the place of AES). The first byte of an IPv4 and the
 * first two of an IPv6 address stay, and so do loopback, multicast, broadcast and unspecified addresses: what
 * kind of address it is bears on the cause.
 */
void redact_addr(const struct redact *r, uint8_t family, uint8_t *addr);

/* Names of pods, namespaces and containers become numbered ones; the new ones belong to r. */
void redact_owner(struct redact *r, struct owner *o);
/* The addresses of packet and evidence; what is behind the transport header is dropped, with the checksums. */
void redact_event(const struct redact *r, struct event *ev);
/* Texts of rules, which may hold any address or name, are dropped. */
void redact_rule(struct rule_info *info);

#endif
