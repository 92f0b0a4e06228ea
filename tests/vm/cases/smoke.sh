# SPDX-License-Identifier: GPL-2.0-only
# The harness itself: tools, modules, namespaces, pods and the kernel's counters.
. "$WD_LIB"

pod a
expect_eq "cgroup of a process in the pod" "$(in_pod a sed -n 's/^0:://p' /proc/self/cgroup)" \
	"/kubepods/burstable/pod$(pod_uid a)/$(pod_container a)"
ns r
link a eth0 10.1.0.2 fd01::2 r ra 10.1.0.1 fd01::1
warm_up a 10.1.0.1 fd01::1
before=$(snmp a UdpNoPorts)
in_ns a "$WD_GEN" udp 127.0.0.1 9 3 10 > /dev/null
expect_eq UdpNoPorts $(($(snmp a UdpNoPorts) - before)) 3
for tool in ip tc nft iptables-legacy conntrack jq; do
	command -v $tool > /dev/null || fail "no $tool"
done
