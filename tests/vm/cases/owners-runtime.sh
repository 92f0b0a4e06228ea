# SPDX-License-Identifier: GPL-2.0-only
# Pods of a real runtime where cgroup v2 is the only one and functions can be hooked: whose the losses are that only
# these hooks see. Few pods, since a runtime is slow in an emulated machine.
[ -z "${WD_HOST:-}" ] || { echo "SKIP: owners-containerd has more of it here"; exit 77; }
[[ "$(uname -r)" = 6.1.* || "$(uname -r)" = 7.* || -z "${WD_AGAIN:-}" ]] ||
	{ echo "SKIP: takes a minute: runs on 6.1 and 7, elsewhere if it is named"; exit 77; }
. "${WD_LIB%/*}/cri.sh"

node_start
# else, after a case that loaded br_netfilter, bridged packets are seen on their veth and not routed from the bridge
[ ! -d /proc/sys/net/bridge ] || sysctl -qw net.bridge.bridge-nf-call-iptables=0 net.bridge.bridge-nf-call-ip6tables=0
ns x
link x eth0 10.3.0.2 fd03::2 node vx 10.3.0.1 fd03::1
default_route x 10.3.0.1 fd03::1
modprobe ip_vs
log_directory web app
log_directory api app
cri_pod web bridge app 'sleep 1000' &
made=$!
cri_pod api ptp app 'sleep 1000'
wait $made || fail "a pod could not be made"
web=$(cri_addresses web) api=$(cri_addresses api)
web4=${web%%$'\n'*} web6=${web##*$'\n'} api4=${api%%$'\n'*} api6=${api##*$'\n'}

in_web() { cri_join web app web "$WD_GEN" "$@"; }
in_api() { cri_join api app api "$WD_GEN" "$@"; }
open_in_api() { # command...: a socket that is there when this returns
	in_api "$@" > "open.$3" &
	case_pids="$case_pids $!"
	wait_for "open.$3" bound
}
for name in web api; do ip netns attach "wd-$name" "$(sandbox_pid $name)"; done
names="$names web api"

in_ns web nft 'add table inet pod; add chain inet pod out { type filter hook output priority 0; };
	add rule inet pod out udp dport 4001 counter drop'
nft -f - <<'NFT'
table inet fw {
	chain onward { type filter hook forward priority 0; ct state new counter; udp dport 4010-4019 counter drop; }
	chain in { type filter hook input priority 0; ct state new counter; }
}
NFT
ip route add 172.16.0.0/16 via 10.3.0.2
ip addr add 10.9.0.1/32 dev lo
for port in 4030 4031; do ipvsadm -A -u 10.9.0.1:$port -s rr; done
in_ns api sysctl -qw net.ipv4.tcp_syncookies=0 net.ipv4.tcp_max_syn_backlog=4096 net.ipv4.tcp_synack_retries=0
in_ns web sysctl -qw net.ipv4.ip_local_port_range="40000 40003"
open_in_api listen "$api4" 4040 1 0 140000
open_in_api listen "$api4" 4041 2 0 140000
open_in_api listen "$api4" 4042 100 0 140000
open_in_api sink "$api4" 4043 2048 140000

trace_start
overflows=$(snmp api TcpExtListenOverflows)
in_web connect-many "$api4" 4040 4 300 > /dev/null
overflows=$(($(snmp api TcpExtListenOverflows) - overflows))
syns=$(snmp api TcpExtTCPReqQFullDrop)
in_ns x "$WD_GEN" syn 172.16.1.1 "$api4" 4041 20 > /dev/null
syns=$(($(snmp api TcpExtTCPReqQFullDrop) - syns))
in_web leak "$api4" 4042 7 300 > tally
refused=$(awk '{ n += $4 } END { print n }' tally)
full=$(snmp api UdpRcvbufErrors)
in_web udp "$api4" 4043 20 500 > /dev/null
full=$(($(snmp api UdpRcvbufErrors) - full))
for at in "$api4" "$api6"; do
	in_web udp "$at" 4001 3 20
	in_web udp "$at" 4010 3 20
	in_web udp "$at" 4020 3 20
done > /dev/null
for at in 10.3.0.2 fd03::2; do in_api udp "$at" 4011 3 20; done > /dev/null
for at in "$web4" "$web6"; do in_ns x "$WD_GEN" udp "$at" 4012 3 20; done > /dev/null
in_web udp 10.9.0.1 4030 3 20 > /dev/null
in_api udp 10.9.0.1 4031 2 20 > /dev/null

# a table full of answered connections, so that none of them makes room
conntrack -F 2> /dev/null
in_ns x "$WD_GEN" connect-many "$api4" 4042 8 60000 > /dev/null &
case_pids="$case_pids $!"
until [ "$(conntrack -L 2> /dev/null | grep -c ASSURED)" = 8 ]; do sleep 0.1; done
max=net.netfilter.nf_conntrack_max
at_end "node_end; of_all sysctl -qw $max=$(of_all sysctl -n $max)"
of_all sysctl -qw $max="$(conntrack -C)"
in_web flows "$api4" 4050 41000 5 > /dev/null
in_api flows 10.3.0.2 4051 41000 4 > /dev/null
trace_stop
echo "overflows $overflows syns $syns refused $refused full $full"

point() { judge "$1" "$2" containerd "$3" "$4"; } # drop-point cni port "count victim how > peer how"
point "accept queue" ptp 4040 "$overflows api/app sk-cgroup > web ip-src"
point "SYN queue" ptp 4041 "$syns api/app sk-cgroup > - -"
point "connect without a source port" bridge 4042 "$refused web/app sk-cgroup > api ip-dst"
point "UDP receive buffer" ptp 4043 "$full api/app sk-cgroup > web ip-src"
point "output rule in the pod" bridge 4001 "6 web/app sk-cgroup > api ip-dst"
point "forward rule, to a routed pod" bridge 4010 "6 web mac-src > api ip-dst"
point "forward rule, to the outside" ptp 4011 "6 api veth > - -"
point "forward rule, from outside" bridge 4012 "6 web ip-dst > - -"
point "no socket" ptp 4020 "6 api/app netns > web ip-src"
point "conntrack's table is full" bridge 4050 "5 web mac-src > api ip-dst"
point "conntrack's table is full" ptp 4051 "4 api veth > - -"
point "IPVS without a server" bridge 4030 "3 web mac-src > - -"
point "IPVS without a server" ptp 4031 "2 api veth > - -"
expect_events accept-queue-full "$overflows" '.victim.pod == "api"'
expect_events syn-queue-full "$syns" '.victim.pod == "api"'
expect_events source-port-exhausted "$refused" '.victim.pod == "web"'
expect_events conntrack-table-full 9 '.victim.uid'
expect_events ipvs-no-destination 5 '.victim.uid'
