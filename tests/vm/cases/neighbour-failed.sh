# SPDX-License-Identifier: GPL-2.0-only
# Nobody answers ARP or neighbour discovery.
. "$WD_LIB"

pod a
ns r
link a eth0 10.1.0.2 fd01::2 r ra 10.1.0.1 fd01::1
warm_up a 10.1.0.1 fd01::1
in_ns a sysctl -qw net.ipv4.neigh.eth0.retrans_time_ms=100 net.ipv6.neigh.eth0.retrans_time_ms=100
trace_start
in_pod a "$WD_GEN" udp 10.1.0.99 7 3 100 > /dev/null
in_pod a "$WD_GEN" udp fd01::99 7 3 100 > /dev/null
sleep 1.2
trace_stop
expect_events neighbour-failed 3 '.dst.addr == "10.1.0.99"'
expect_events neighbour-failed 3 '.dst.addr == "fd01::99"'
expect_all neighbour-failed '.victim.pod == "a" and .victim.how == "sk-cgroup"'
expect_only neighbour-failed
if [ -n "${WD_HOST:-}" ]; then exit 0; fi # this kernel allows tracepoints only: the next hop is not known
expect_events neighbour-failed 3 '.evidence.next_hop == "10.1.0.99 dev eth0"'
expect_events neighbour-failed 3 '.evidence.next_hop == "fd01::99 dev eth0"'
expect_all neighbour-failed '.evidence.neighbour_state == "failed" and .evidence.neighbour_probes >= 3'
