/* SPDX-License-Identifier: GPL-2.0-only */
/* Evidence of IPVS that is text: members `text` of fields. Each is false where there is nothing to say. */
#ifndef FIELDS_IPVS_H
#define FIELDS_IPVS_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "drop.h"
#include "host.h"

bool ipvs_virtual_service(struct strbuf *out, const struct drop *d, const struct host *h);
bool ipvs_real_server(struct strbuf *out, const struct drop *d, const struct host *h);
bool ipvs_servers(struct strbuf *out, const struct drop *d, const struct host *h);
bool ipvs_idle_servers(struct strbuf *out, const struct drop *d, const struct host *h);
bool ipvs_state(struct strbuf *out, const struct drop *d, const struct host *h);
bool ipvs_conntrack_state(struct strbuf *out, const struct drop *d, const struct host *h);
bool ipvs_died_at(struct strbuf *out, const struct drop *d, const struct host *h);

#endif
