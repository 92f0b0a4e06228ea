# SPDX-License-Identifier: GPL-2.0-only
# A thousand short TCP connections lose nothing, so nothing is shown.
. "$WD_LIB"

pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
for at in 127.0.0.1 ::1 10.1.0.3 fd01::3; do
	spawn_in b "$WD_GEN" serve $at 8080 > "bound.$at"
done
sleep 0.5
# with flags of its own: what the tracer of all cases shows is not the default
trace_alone
in_pod b "$WD_GEN" chat 127.0.0.1 8080 250 > /dev/null
in_pod b "$WD_GEN" chat ::1 8080 250 > /dev/null
in_pod a "$WD_GEN" chat 10.1.0.3 8080 250 > /dev/null
in_pod a "$WD_GEN" chat fd01::3 8080 250 > /dev/null
trace_stop
expect_only
