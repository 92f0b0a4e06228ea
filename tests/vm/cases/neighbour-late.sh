# SPDX-License-Identifier: GPL-2.0-only
# Packets that wait seconds for their next hop and are then freed on another CPU than they were sent from,
# while other packets are lost everywhere: each keeps its own cause.
. "$WD_LIB"

[ "$(nproc)" -ge 2 ] || skip "this machine has one CPU"
routed_pods
trace_start
# the first packet decides where the neighbour's timer runs
for at in 10.1.0.99 fd01::99; do in_pod a taskset 2 "$WD_GEN" udp $at 7 1 100 > /dev/null; done
for at in 10.1.0.99 fd01::99; do in_pod a taskset 1 "$WD_GEN" udp $at 8 2 100 > /dev/null; done
# meanwhile, more notes than there is room for
for cpu in 1 2; do
	in_pod a taskset $cpu "$WD_GEN" raw 10.1.0.2 10.2.0.2 7 330 1 1 > /dev/null
	in_pod a taskset $cpu "$WD_GEN" raw fd01::2 fd02::2 7 330 1 1 > /dev/null
done
sleep 3.5
trace_stop
# newer kernels let any CPU run a timer: seen on 6.12
elsewhere="and .cpu == 1"
! rx_sk || elsewhere=
for at in 10.1.0.99 fd01::99; do
	expect_events neighbour-failed 1 ".dst.addr == \"$at\" and .dst.port == 7"
	expect_events neighbour-failed 2 ".dst.addr == \"$at\" and .dst.port == 8 $elsewhere"
done
expect_all neighbour-failed '.victim.pod == "a" and .victim.how == "sk-cgroup"'
expect_events ttl-expired 660 '.dst.addr == "10.2.0.2"'
expect_events ttl-expired 660 '.dst.addr == "fd02::2"'
expect_only neighbour-failed ttl-expired
