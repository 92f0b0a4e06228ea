# SPDX-License-Identifier: GPL-2.0-only
# A generic XDP program that drops all that a pod receives; it counts for itself.
. "$WD_LIB"

pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
trace_start --netns wd-b
spawn_in b "$WD_GEN" xdp eth0 90000 > xdp.out
xdp=$!
wait_for xdp.out attached
in_pod a "$WD_GEN" udp 10.1.0.3 7 20 100 2 > /dev/null
in_pod a "$WD_GEN" udp fd01::3 7 21 100 2 > /dev/null
kill $xdp
wait $xdp
trace_stop
dropped=$(sed -n 's/^dropped //p' xdp.out)
[ "$dropped" -ge 41 ] || fail "only $dropped losses provoked"
expect_events xdp-drop "$dropped"
expect_events xdp-drop 20 '.dst.addr == "10.1.0.3" and .proto == "udp"'
expect_events xdp-drop 21 '.dst.addr == "fd01::3" and .proto == "udp"'
expect_all xdp-drop '.iface == "eth0" and (.victim.pod == "a" or .victim.pod == "b")'
expect_only xdp-drop
