# SPDX-License-Identifier: GPL-2.0-only
# The tracer that ran beside all cases: its exact counts name the same owners, too, as its events.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "each case has a tracer of its own here"
session_end
traced=alone
