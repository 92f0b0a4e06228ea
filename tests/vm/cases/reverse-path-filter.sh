# SPDX-License-Identifier: GPL-2.0-only
# A source address whose way back leads elsewhere. IPv6 has no such filter in the kernel.
. "$WD_LIB"

routed_pods
in_ns r sysctl -qw net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.ra.rp_filter=1
before=$(snmp r TcpExtIPReversePathFilter)
trace_start
in_pod a "$WD_GEN" raw 10.2.0.77 10.2.0.2 7 9 64 1 > /dev/null
trace_stop
expect_eq IPReversePathFilter $(($(snmp r TcpExtIPReversePathFilter) - before)) 9
expect_events reverse-path-filter 9 '.src.addr == "10.2.0.77" and .iface == "ra"'
expect_only reverse-path-filter
expect_all reverse-path-filter '.evidence.rp_filter_all == 1 and .evidence.rp_filter_device == 1 and (.remedy | test("conf.ra.rp_filter=2"))'
