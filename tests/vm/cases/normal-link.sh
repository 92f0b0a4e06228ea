# SPDX-License-Identifier: GPL-2.0-only
# Frames that are nobody's business here: counted, hidden, and shown by --all with their reason.
. "$WD_LIB"

pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
mac=$(ip -n wd-b -j link show eth0 | jq -r '.[0].address')
frames() { in_pod a "$WD_GEN" frame eth0 "$@" > /dev/null; }
provoke() {
	frames 02:00:00:00:00:77 0800 10.1.0.2 10.1.0.77 17 3
	frames 02:00:00:00:00:77 86dd fd01::2 fd01::77 17 4
	frames 01:80:c2:00:00:0e 88cc 0.0.0.0 0.0.0.0 0 5
	in_pod a "$WD_GEN" udp 224.0.0.251 5353 6 100 > /dev/null
	in_pod a "$WD_GEN" udp ff02::fb 5353 7 100 > /dev/null
	spawn_in b "$WD_GEN" tap eth0 90000 > tap.out
	tap=$!
	wait_for tap.out bound
	in_pod a "$WD_GEN" udp 10.1.0.3 7 20 600 > /dev/null
	in_pod a "$WD_GEN" udp fd01::3 7 20 600 > /dev/null
	kill $tap
	wait $tap
	in_ns b sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1
	frames "$mac" 86dd fd01::2 fd01::3 17 8
	in_ns b sysctl -qw net.ipv6.conf.eth0.disable_ipv6=0
	ip -n wd-b link set eth0 mtu 1000 # too small for IPv6
	frames "$mac" 86dd fd01::2 fd01::3 17 9
	ip -n wd-b link set eth0 mtu 1500
	ip -n wd-b -6 addr add fd01::3/64 dev eth0 nodad
	sleep 0.1
}
ip -n wd-a route add 224.0.0.0/4 dev eth0
trace_start --all --netns wd-b
provoke
trace_stop
tapped=$(sed -n 's/^dropped //p' tap.out)
[ "$tapped" -gt 10 ] || fail "the tap lost only $tapped"
normal='.severity == "normal"'
expect_events other-host-frame 3 '.dst.addr == "10.1.0.77"'
expect_events other-host-frame 4 '.dst.addr == "fd01::77"'
expect_events unhandled-protocol 5
expect_events multicast-without-listener 6 '.dst.addr == "224.0.0.251"'
expect_events multicast-without-listener 7 '.dst.addr == "ff02::fb"'
# only where the tap is the last to let go of the packet: the tap counts the others alone
seen=$(events_of tap-copy)
[ $seen -gt 0 ] && [ $seen -le "$tapped" ] || fail "the tap lost $tapped copies, $seen were seen"
expect_events ipv6-disabled 17
for cause in other-host-frame unhandled-protocol multicast-without-listener tap-copy ipv6-disabled; do
	expect_all $cause "$normal"
done
expect_events no-listener 40
trace_alone --attach tracepoint --netns wd-b
provoke
trace_stop
expect_only no-listener
for cause in other-host-frame unhandled-protocol multicast-without-listener tap-copy ipv6-disabled; do
	tr -s ' \n' ' ' < trace.err | grep -qE "hidden as normal:.*$cause [1-9]" || fail "$cause was not counted as hidden"
done
