# SPDX-License-Identifier: GPL-2.0-only
# CPUs whose input queues hold two packets, when a device gives them twenty at once.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "the length of the queue is one for all of the machine"
pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
for at in 10.1.0.3 fd01::3; do spawn_in b "$WD_GEN" sink $at 5000 8000000 90000 > "sink.$at"; done
in_ns a ethtool -K eth0 tx-udp-segmentation off
sleep 0.2
dropped() {
	local n=0 x
	for x in $(awk '{ print $2 }' /proc/net/softnet_stat); do n=$((n + 0x$x)); done
	echo $n
}
bursts() { # cpu
	for at in 10.1.0.3 fd01::3; do in_pod a taskset "$1" "$WD_GEN" burst $at 5000 10 100 20 > /dev/null; done
}
trace_start --netns wd-b
sysctl -qw net.core.netdev_max_backlog=2
before=$(dropped)
bursts 1 &
bursts 2
wait $!
sysctl -qw net.core.netdev_max_backlog=1000
lost=$(($(dropped) - before))
trace_stop
[ $lost -gt 400 ] || fail "only $lost losses provoked"
expect_events cpu-backlog-full $lost
for at in 10.1.0.3 fd01::3; do
	[ "$(events_of cpu-backlog-full ".dst.addr == \"$at\"")" -gt 200 ] || fail "too few to $at"
done
expect_all cpu-backlog-full '.iface == "eth0" and .victim.pod == "a" and .evidence.netdev_max_backlog > 0'
expect_only cpu-backlog-full
