# SPDX-License-Identifier: GPL-2.0-only
# One capture of four causes: a firewall rule, two translations that clash, a veth whose other end has the smaller
# MTU, and an accept queue that is full at the last ACK. Its report tells of each what a maintainer asks for, its
# recording makes the same JSON and packets again, and each loss is a packet.
. "$WD_LIB"

routed_pods
causes="$nf_drop mtu-veth-mismatch"
rules() { # two servers by turns, and a long way from that choice to the table, on which another packet overtakes
	cat <<NFT
table inet fw {
	chain onward { type filter hook forward priority 0; udp dport 61 counter drop; }
	chain out { type filter hook output priority 0; udp dport 62 counter drop; }
}
table ip nat {
	chain pre {
		type nat hook prerouting priority -100;
		ip daddr 10.9.0.1 dnat to numgen inc mod 2 map { 0 : 10.2.0.2, 1 : 10.2.0.3 }
	}
	chain slow {
		type filter hook postrouting priority 200;
$(for ((i = 0; i < 1500; i++)); do echo "mark 7 accept"; done)
	}
}
NFT
}
clash() { # until the kernel has counted some
	local a=/run/netns/wd-a port=10000
	for _ in $(seq 12); do
		port=$((port + 100))
		gen race syn $a $a 10.1.0.2 10.9.0.1 80 $port 40
		[ "$(ct_stat r insert_failed)" -lt 2 ] || return 0
	done
	fail "no insert_failed in 480 tries"
}
connects() { in_ns a "$WD_GEN" connect-many 10.1.0.1 81 "$1" "$2" > /dev/null; }

rules | in_ns r nft -f -
ip -n wd-b -batch - <<< 'link set eth0 mtu 1300
addr add 10.2.0.3/24 dev eth0'
if [ -z "${WD_HOST:-}" ]; then # where only tracepoints are allowed these two are not seen
	causes="$causes conntrack-insert-failed accept-queue-full"
	in_ns r sysctl -qw net.ipv4.tcp_syncookies=0
	nsenter -n/run/netns/wd-r "$WD_GEN" listen 10.1.0.1 81 6 0 60000 > listening &
	case_pids="$case_pids $!"
	wait_for listening bound
	connects 5 100 # all but two places are taken
fi

"$WD_WHYDROP" capture -q -w bundle --skb --user-stack --snaplen 2000 --netns "$(inode r)" 2> trace.err &
tracer=$!
wait_for trace.err ^ready
overflows=$(snmp r TcpExtListenOverflows)
in_ns a "$WD_GEN" udp 10.2.0.2 61 3 100 > /dev/null
in_ns r bash -c 'echo mine > /dev/udp/10.2.0.2/62; sleep 1; true' 2> /dev/null &
case_pids="$case_pids $!"
in_ns a "$WD_GEN" udp 10.2.0.2 9 5 1400 > /dev/null
if [ -z "${WD_HOST:-}" ]; then
	clash
	# a slow way to the listener: all SYNs are there before the first ACK
	in_ns a tc qdisc add dev eth0 root netem delay 100ms
	connects 6 700
fi
sleep 0.3
declare -A lost=([$nf_drop]=4 [mtu-veth-mismatch]=5)
lost[conntrack-insert-failed]=$(ct_stat r insert_failed)
lost[accept-queue-full]=$(($(snmp r TcpExtListenOverflows) - overflows))
kill -INT $tracer
wait $tracer || fail "capture ended with $?"
tracer=
ln -sf bundle/events.jsonl $events

jq -r '.cause, (select(.stack == null) | "a \(.cause) without its stack")' $events | sort | uniq -c > seen
! grep without seen || fail "$(< seen)"
for cause in $causes; do
	expect_eq "$cause" "$(awk -v c="$cause" '$2 == c { print $1 }' seen)" "${lost[$cause]}"
done
[ -n "${WD_HOST:-}" ] || expect_eq "lost at the last ACK" "${lost[accept-queue-full]}" 4

# what was asked for beyond the usual: structures as they were, the stack of who sent, and whole packets
jq -rs '(map(select(if .structures.sk_buff then .structures.sk_buff.len != .length else .cause | test("^(netfilter|mtu)-") end
		or (.structures.sock and .structures.sock.skc_family < 2))) | length),
	(map(select(.dst.port == 62)) | [length, (map(select(.user_stack and ([.user_stack[] | select(test("^(bash|libc).*[+]0x"))] | length > 0))) | length)] | join(" ")),
	(map(select(.dst.port == 61 and .user_stack)) | length)' $events > more
expect_eq "another length, the own packet and its stack, a stack of somebody else" "$(tr '\n' ' ' < more)" "0 1 1 0 "
[ "$(stat -c %s bundle/drops.pcapng)" -ge $((5 * 1428)) ] || fail "the packets are not whole"
grep -q '^struct sk_buff: len=' bundle/report.md || fail "no structures in the report"
grep -q "^Settings of network namespace $(inode r), where it was lost:" bundle/report.md || fail "no settings of the namespace"
[ -n "${WD_HOST:-}" ] || [ -s "bundle/netns-$(inode r)/nft" ] || fail "no rules of the namespace"

# what the report has to say of each: settings that bear on it, and what proves it
declare -A parts=(
	[netfilter-rule-drop]='^rule [0-9]|^table fw|^base_chain onward|net/ipv4/ip_forward = 1'
	[netfilter-drop-unattributed]='net/ipv4/ip_forward = 1'
	[mtu-veth-mismatch]='^peer_mtu 1300|^device_mtu 1500|net/ipv4/tcp_mtu_probing ='
	[conntrack-insert-failed]='^clash_direction original|^loser_original |^winner_original |net/netfilter/nf_conntrack_max'
	[accept-queue-full]='^listen_queue 7|^listen_queue_limit 6|^handshake_step ack|net/core/somaxconn'
)
for cause in $causes; do
	awk -v c="$cause" '/^---/ { on = last == c } on { print } { last = $0 }' bundle/report.md > section
	while read -r part; do
		grep -qE -- "$part" section || fail "no '$part' in the report of $cause: $(< section)"
	done <<< "${lost[$cause]} packets, first 20
Where, with the kernel's drop reason:
 ${lost[$cause]}  [^ ]+.*
One of them:
Call Trace:
^ [a-zA-Z_0-9.]+\+0x[0-9a-f]+/0x[0-9a-f]+
Settings of the node that bear on it:
How to reproduce it
${parts[$cause]//|/$'\n'}"
done
expect_eq "longer than a mail's lines" "$(awk 'length > 72' bundle/report.md)" ""

"$WD_WHYDROP" replay -q -o json --stack bundle/events.wd | cmp - bundle/events.jsonl || fail "replay tells other losses"
"$WD_WHYDROP" replay -q -o pcapng bundle/events.wd | cmp - bundle/drops.pcapng || fail "replay has other packets"
packets() { # walks from block to block: type, length, ...
	busybox od -A n -v -t u4 -w4 "$1" | awk 'NR > at + size { at = NR - 1; type = $1; size = 2 } NR == at + 2 { size = $1 / 4; n += type == 6 } END { print n }'
}
expect_eq "packets" "$(packets bundle/drops.pcapng)" "$(wc -l < $events)"
if command -v tshark > /dev/null; then
	capinfos bundle/drops.pcapng > /dev/null || fail "capinfos refuses drops.pcapng"
	tshark -r bundle/drops.pcapng -T fields -e frame.comment > comments 2> tshark.err || fail "$(< tshark.err)"
	expect_eq "comments" "$(cut -d ' ' -f 1 comments | sort | uniq -c)" "$(jq -r .cause $events | sort | uniq -c)"
fi

# replayed once more where the virtual machine was started: tests/vm/replay-here
mkdir handed
cp bundle/{events.wd,events.jsonl,report.md} handed
