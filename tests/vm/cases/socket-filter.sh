# SPDX-License-Identifier: GPL-2.0-only
# Sockets whose own filter lets nothing in.
. "$WD_LIB"

pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
for at in 10.1.0.3 fd01::3; do
	spawn_in b "$WD_GEN" refuse udp $at 5000 90000 > "udp.$at"
	spawn_in b "$WD_GEN" refuse tcp $at 5001 90000 > "tcp.$at"
	wait_for "udp.$at" bound
	wait_for "tcp.$at" bound
done
trace_start --netns wd-b
in_pod a "$WD_GEN" udp 10.1.0.3 5000 5 100 > /dev/null
in_pod a "$WD_GEN" udp fd01::3 5000 6 100 > /dev/null
in_pod a "$WD_GEN" connect 10.1.0.3 5001 3 200 > /dev/null
in_pod a "$WD_GEN" connect fd01::3 5001 4 200 > /dev/null
trace_stop
expect_events socket-filter 5 '.proto == "udp" and .dst.addr == "10.1.0.3"'
expect_events socket-filter 6 '.proto == "udp" and .dst.addr == "fd01::3"'
expect_events socket-filter 3 '.proto == "tcp" and .dst.addr == "10.1.0.3"'
expect_events socket-filter 4 '.proto == "tcp" and .dst.addr == "fd01::3"'
expect_all socket-filter '.victim.pod == "b"'
expect_only socket-filter
