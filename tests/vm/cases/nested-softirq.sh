# SPDX-License-Identifier: GPL-2.0-only
# Between the hook that knows why and the free of a packet that is being sent, a softirq on the same CPU
# loses another one: the ICMP error about the first, on its way to the sender itself.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
pod a
ns r
link a eth0 10.1.0.2 fd01::2 r ra 10.1.0.1 fd01::1
warm_up a 10.1.0.1 fd01::1
ip -n wd-a route replace 10.1.0.0/24 dev eth0 src 10.1.0.2 mtu 1300
ip -n wd-a -6 route replace fd01::1/128 dev eth0 mtu 1300
in_ns a nft -f - <<'END'
add table inet wd
add chain inet wd in { type filter hook input priority 0; }
add rule inet wd in icmp type destination-unreachable counter drop
add rule inet wd in icmpv6 type packet-too-big counter drop
END
in4=$(snmp a IpFragFails) in6=$(snmp a Ip6FragFails)
trace_start --netns wd-a
in_pod a taskset 1 "$WD_GEN" raw-size 10.1.0.1 50 1400 > /dev/null
in_pod a taskset 1 "$WD_GEN" raw-size fd01::1 50 1400 > /dev/null
trace_stop
expect_eq IpFragFails $(($(snmp a IpFragFails) - in4)) 50
expect_eq Ip6FragFails $(($(snmp a Ip6FragFails) - in6)) 50
filtered() { in_ns a nft -j list ruleset | jq '[.. | .counter? | select(type == "object") | .packets] | add'; }
expect_events mtu-local-too-big 50 '.dst.addr == "10.1.0.1" and .evidence.packet_size == 1400'
expect_events mtu-local-too-big 50 '.dst.addr == "fd01::1" and .evidence.packet_size == 1400'
expect_all mtu-local-too-big '.victim.pod == "a" and .proto != "icmp" and .proto != "ipv6-icmp"'
inner=$(jq -c 'select(.cause != "mtu-local-too-big")' $events | wc -l)
expect_eq "lost inside" "$inner" "$(filtered)"
[ "$inner" -ge 50 ] || fail "only $inner packets were lost inside"
# the inner loss is told before the outer one of the same CPU, because the outer one is freed later
nested=$(jq -r .cause $events | awk '$1 == "mtu-local-too-big" { n += last != "" && last != $1 } { last = $1 } END { print n + 0 }')
[ "$nested" -ge 50 ] || fail "only $nested packets were lost within the sending of another"
