# SPDX-License-Identifier: GPL-2.0-only
# A veth whose receiving end has the smaller MTU: nobody is told.
. "$WD_LIB"

pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
ip -n wd-b link set eth0 mtu 1300
dropped() { ip -n wd-b -s -s -j link show eth0 | jq '.[0].stats64.rx.dropped + .[0].stats64.rx.errors'; }
before=$(ip -n wd-a -s -j link show eth0 | jq '.[0].stats64.tx.dropped')
trace_start
in_pod a "$WD_GEN" udp 10.1.0.3 9 5 1400 > /dev/null
in_pod a "$WD_GEN" udp fd01::3 9 6 1400 > /dev/null
trace_stop
expect_eq "tx dropped" $(($(ip -n wd-a -s -j link show eth0 | jq '.[0].stats64.tx.dropped') - before)) 11
expect_events mtu-veth-mismatch 5 '.dst.addr == "10.1.0.3"'
expect_events mtu-veth-mismatch 6 '.dst.addr == "fd01::3"'
expect_all mtu-veth-mismatch '.victim.pod == "a" and .victim.how == "sk-cgroup" and .evidence.peer_mtu == 1300 and .evidence.device_mtu == 1500'
expect_only mtu-veth-mismatch
# tracepoints alone do not tell that no ICMP error was sent
answer='"none"'
[ -z "${WD_HOST:-}" ] || answer=null
expect_all mtu-veth-mismatch '.evidence.packet_size == (.length - 14) and .evidence.way_mtu == 1300 and (.evidence.way_owner | startswith("case/b")) and .evidence.way_device == "eth0" and .evidence.input_mtu == 1500 and .evidence.icmp_answer == '"$answer"
expect_all mtu-veth-mismatch '(.remedy | test("mtu 1300. on the sending end, or .ip link set eth0 mtu 1500. on the receiving")) and .peer.pod == "b"'
