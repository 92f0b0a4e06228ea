# SPDX-License-Identifier: GPL-2.0-only
# A CPU whose input queue holds one packet, fed from both CPUs.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "the length of the queue is one for all of the machine"
pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
for at in 10.1.0.3 fd01::3; do spawn_in b "$WD_GEN" sink $at 5000 8000000 90000 > "sink.$at"; done
in_ns b sh -c 'echo 1 > /sys/class/net/eth0/queues/rx-0/rps_cpus'
sleep 0.2
dropped() {
	local n=0 x
	for x in $(awk '{ print $2 }' /proc/net/softnet_stat); do n=$((n + 0x$x)); done
	echo $n
}
trace_start --netns wd-b
sysctl -qw net.core.netdev_max_backlog=1
before=$(dropped)
in_pod a "$WD_GEN" udp 10.1.0.3 5000 400 100 2 > /dev/null
in_pod a "$WD_GEN" udp fd01::3 5000 400 100 2 > /dev/null
sysctl -qw net.core.netdev_max_backlog=1000
lost=$(($(dropped) - before))
trace_stop
[ $lost -gt 10 ] || fail "only $lost losses provoked"
expect_events cpu-backlog-full $lost
expect_all cpu-backlog-full '.iface == "eth0" and .victim.pod == "a" and .evidence.netdev_max_backlog > 0'
expect_only cpu-backlog-full
