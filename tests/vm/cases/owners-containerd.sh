# SPDX-License-Identifier: GPL-2.0-only
# Pods that containerd made over CRI, with CNI's bridge and ptp plugins, while the tracer runs: whose each loss is,
# at every place where packets of pods are lost.
[ -n "${WD_HOST:-}" ] || { echo "SKIP: a runtime is slow in an emulated machine: owners-runtime has few pods there"; exit 77; }
command -v containerd > /dev/null || { echo "SKIP: there is no containerd here"; exit 77; }
. "${WD_LIB%/*}/cri.sh"

node_start
ns x
link x eth0 10.3.0.2 fd03::2 node vx 10.3.0.1 fd03::1
default_route x 10.3.0.1 fd03::1
trace_start

# kubelet's names: before the sandbox, late, and never, where the runtime's file has to tell
log_directory web app proxy
log_directory agent app
log_directory before app
(until [ -s pods/static-db/app ]; do sleep 0.1; done; sleep 0.3; log_directory static-db app) &
case_pids="$case_pids $!"
made=
start() { cri_pod "$@" & made="$made $!"; }
idle='sleep 1000'
start web bridge app "$idle" proxy "$idle"
start static-db bridge app 'gen sink 0.0.0.0 5004 2048 60000 & gen receive 0.0.0.0 80 65536 shrink 60000 & sleep 1000'
start api ptp app "$idle"
start agent host app "$idle"
start before single app "$idle"
for pid in $made; do wait "$pid" || fail "a pod could not be made"; done
mapfile -t web < <(cri_addresses web)
mapfile -t db < <(cri_addresses static-db)
mapfile -t api < <(cri_addresses api)
before=$(cri_addresses before)

in_pod_netns web nft -f - <<'NFT'
table inet pod {
	chain out { type filter hook output priority 0; udp dport 4000-4009 counter drop; }
	chain in { type filter hook input priority 0; udp dport 4100 counter drop; }
}
NFT
nft -f - <<NFT
table inet fw {
	chain onward { type filter hook forward priority 0; udp dport { 4010-4019, 4070-4079 } counter drop; udp dport 4020 counter reject; }
	chain out { type filter hook output priority 0; udp dport 4500-4509 counter drop; }
}
table bridge fw {
	chain onward { type filter hook forward priority 0; udp dport 4030 counter drop; }
}
table netdev fw {
	chain web { type filter hook ingress device $(cri_veth web) priority 0; udp dport 4040 counter drop; }
	chain api { type filter hook ingress device $(cri_veth api) priority 0; udp dport 4041 counter drop; }
	chain to_web { type filter hook egress device $(cri_veth web) priority 0; udp dport 4042 counter drop; }
	chain to_api { type filter hook egress device $(cri_veth api) priority 0; udp dport 4043 counter drop; }
}
NFT

to() { # port v4 v6: commands that send three datagrams to each
	local at
	for at in "${@:2}"; do printf 'gen udp %s %s 3 20;' "$at" "$1"; done
}
x=(10.3.0.2 fd03::2) nowhere=(10.99.0.1 fd99::1)
full() { in_pod_netns static-db awk '$1 == "Udp:" { v = $6 } END { print v }' /proc/net/snmp; } # RcvbufErrors
full=$(full)
cri_exec web app "$(to 4001 "${db[@]}"; to 4010 "${x[@]}"; to 4011 "${api[@]}"; to 4020 "${x[@]}"
	to 4030 "${db[@]}"; to 4040 "${x[@]}"; to 4050 "${nowhere[@]}")gen udp ${db[0]} 5004 100 500"
cri_join web app web "$WD_GEN" inject "${db[0]}" 80 3000 0 0 10 6 300 > /dev/null
cri_exec web proxy "$(to 4002 "${x[@]}")"
cri_exec static-db app "$(to 4100 "${web[@]}"; to 4101 "${web[@]}")"
cri_exec api app "$(to 4012 "${x[@]}"; to 4013 "${web[@]}"; to 4041 "${x[@]}"; to 4051 "${nowhere[@]}")"
cri_exec agent app "$(to 4500 "${x[@]}"; to 4501 "${web[@]}")"
from_outside() { in_ns x sh -c "gen() { $WD_GEN \"\$@\"; }; $(to "$@")" > /dev/null; }
from_outside 4014 "${web[@]}"
from_outside 4015 "${api[@]}"
from_outside 4042 "${web[@]}"
from_outside 4043 "${api[@]}"
from_outside 4016 "$before"
sh -c "gen() { $WD_GEN \"\$@\"; }; $(to 4502 "${x[@]}")" > /dev/null
cri_join static-db app web "$WD_GEN" udp 10.3.0.2 4003 3 20 > /dev/null
sysctl -qw net.bridge.bridge-nf-call-iptables=1 net.bridge.bridge-nf-call-ip6tables=1
cri_exec web app "$(to 4017 "${db[@]}")"
full=$(($(full) - full))

# a socket that outlives its pod; then the pod whose address the next one gets
nsenter -t "$(sandbox_pid before)" -n "$WD_GEN" late 2000 127.0.0.1 4060 3 > /dev/null &
late=$!
case_pids="$case_pids $late"
until [ -n "$(find /proc/$late/fd -lname 'socket:*')" ]; do sleep 0.02; done
kill -STOP $late
cri_pod_end before
kill -CONT $late
from_outside 4061 "$before"
# kubelet makes a sandbox anew that has died: the same pod, in another namespace with another address
(cri_sandbox_end api && cri_pod api ptp app "$idle") &
anew=$!
cri_pod after single app "$idle"
from_outside 4018 "$before"
sleep 0.3
from_outside 4019 "$before"
expect_eq "the next pod's address" "$(cri_addresses after)" "$before"
wait $late
wait $anew || fail "no sandbox made anew"
mapfile -t api < <(cri_addresses api)
sleep 0.3
cri_exec api app "$(to 4070 "${x[@]}")"
from_outside 4071 "${api[@]}"
trace_stop

point() { judge "$1" "$2" containerd "$3" "$4"; } # drop-point cni port "count victim how > peer how"
point "output rule in the pod" bridge 4001 "6 web/app sk-cgroup > static-db ip-dst"
point "output rule in the pod, of a sidecar" bridge 4002 "6 web/proxy sk-cgroup > - -"
point "output rule in the pod, inherited socket" bridge 4003 "3 web netns,cgroup-mismatch > - -"
point "ingress rule on the veth" bridge 4040 "6 web/app sk-cgroup > - -"
point "ingress rule on the veth" ptp 4041 "6 api/app sk-cgroup > - -"
point "egress rule on the veth" bridge 4042 "6 web veth > - -"
point "egress rule on the veth" ptp 4043 "6 api veth > - -"
point "bridge rule" bridge 4030 "6 web veth > static-db veth"
point "forward rule on bridged traffic" bridge 4017 "6 web veth > static-db veth"
point "forward rule, to the outside" bridge 4010 "6 web mac-src > - -"
point "forward rule, to the outside" ptp 4012 "6 api veth > - -"
point "forward rule, to a routed pod" bridge 4011 "6 web mac-src > api ip-dst"
point "forward rule, to a bridged pod" ptp 4013 "6 api veth > web ip-dst"
point "forward rule, from outside" bridge 4014 "6 web ip-dst > - -"
point "forward rule, from outside" ptp 4015 "6 api ip-dst > - -"
point "reject rule of the node" bridge 4020 "6 web mac-src > - -"
point "no route" bridge 4050 "6 web mac-src > - -"
point "no route" ptp 4051 "6 api veth > - -"
point "input rule in the pod" bridge 4100 "6 web netns > static-db ip-src"
point "no socket" bridge 4101 "6 web netns > static-db ip-src"
point "UDP receive buffer" bridge 5004 "$full static-db/app sk-cgroup > web ip-src"
point "TCP receive buffer" bridge 80 "6 static-db/app sk-cgroup > web ip-src"
point "output rule of the node, hostNetwork pod" none 4500 "6 agent/app sk-cgroup,host-network > - -"
point "output rule of the node, to a pod" none 4501 "6 agent/app sk-cgroup,host-network > web ip-dst"
point "output rule of the node, no pod" none 4502 "6 - host > - -"
point "forward rule, before the pod's end" ptp 4016 "3 before ip-dst > - -"
point "address of a pod just deleted" ptp 4061 "3 before ip-dst,terminated > - -"
point "socket of a pod just deleted" ptp 4060 "3 before/app netns,terminated > - -"
point "address of the pod before" ptp 4019 "3 after ip-dst > - -"
expect_eq "the pod before, after its end" "$(jq -r 'select(.dst.port == 4018) | .victim.pod' $events | grep -c before)" 0
point "forward rule, sandbox made anew" ptp 4070 "6 api veth > - -"
point "forward rule, from outside, sandbox made anew" ptp 4071 "6 api ip-dst > - -"

# a tracer that comes when the pods are there
trace_start --all
cri_join static-db app static-db "$WD_GEN" sink "${db[0]}" 5005 100000 400 > closed &
closed=$!
wait_for closed bound
cri_join web app web "$WD_GEN" udp "${db[0]}" 5005 3 20 > /dev/null
wait $closed
cri_exec web proxy "$(to 4005 "${x[@]}"; to 4072 "${api[@]}")"
cri_exec agent app "$(to 4503 "${x[@]}")"
from_outside 4073 "$before"
trace_stop
point "output rule in the pod, known by a scan" bridge 4005 "6 web/proxy sk-cgroup > - -"
point "forward rule, known by a scan" bridge 4072 "6 web mac-src > api ip-dst"
point "output rule of the node, known by a scan" none 4503 "6 agent/app sk-cgroup,host-network > - -"
point "forward rule, from outside, known by a scan" ptp 4073 "3 after ip-dst > - -"
point "queue of a socket that is closed" bridge 5005 "3 static-db ip-dst > web ip-src"
