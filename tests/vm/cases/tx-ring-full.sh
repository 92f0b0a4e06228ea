# SPDX-License-Identifier: GPL-2.0-only
# A tun device whose program does not read: its ring has room for as many packets as txqueuelen says.
. "$WD_LIB"

modprobe tun 2>/dev/null || true
[ -c /dev/net/tun ] || skip "this machine has no tun devices"
pod a
spawn_in a "$WD_GEN" tun tun0 80000 > open
for _ in $(seq 300); do ! grep -q open open || break; sleep 0.05; done
ip -n wd-a addr add 10.9.0.1/24 dev tun0
ip -n wd-a -6 addr add fd09::1/64 dev tun0 nodad
ip -n wd-a link set tun0 txqueuelen 10 up
# no queue before the device: on kernels that stop it when the ring is full, that would hold the packets
in_ns a tc qdisc replace dev tun0 root noqueue 2>/dev/null || true
dropped() { ip -n wd-a -s -j link show tun0 | jq '.[0].stats64.tx.dropped'; }
sleep 0.2
before=$(dropped)
trace_start --netns wd-a
in_pod a "$WD_GEN" udp 10.9.0.2 9 30 100 > /dev/null
in_pod a "$WD_GEN" udp fd09::2 9 30 100 > /dev/null
trace_stop
lost=$(($(dropped) - before))
[ $lost -ge 40 ] || fail "only $lost losses provoked"
expect_events tx-ring-full $lost
expect_events tx-ring-full 30 '.dst.addr == "fd09::2"'
expect_all tx-ring-full '.victim.pod == "a" and .victim.how == "netns" and .iface == "tun0" and .evidence.tx_queue_len == 10 and (.remedy | test("txqueuelen 40"))'
expect_only tx-ring-full
