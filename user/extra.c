/* SPDX-License-Identifier: GPL-2.0-only */
/* How a value of a kernel structure reads. */
#include <inttypes.h>

#include "base/strbuf.h"
#include "extra.h"

void extra_text(struct strbuf *b, const struct extra_value *v)
{
	switch (v->format) {
	case EXTRA_SIGNED:
		strbuf_printf(b, "%" PRId64, (int64_t)v->value);
		return;
	case EXTRA_HEX:
	case EXTRA_NETWORK:
		strbuf_printf(b, "0x%" PRIx64, v->value);
		return;
	default:
		strbuf_u64(b, v->value);
	}
}
