# SPDX-License-Identifier: GPL-2.0-only
# Hooks that are no tables of rules: NAT gives up a masqueraded flow whose way out has changed, and, since 6.4, a
# BPF program drops what is forwarded.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
routed_pods
pod c
link c eth0 10.3.0.2 fd03::2 r rc 10.3.0.1 fd03::1
default_route c 10.3.0.1 fd03::1
for name in b c; do
	ip -n wd-$name addr add 10.8.0.2/32 dev lo
	ip -n wd-$name -6 addr add fd08::2/128 dev lo nodad
	in_ns $name nft 'add table inet t; add chain inet t in { type filter hook input priority 0; };
		add rule inet t in udp dport 53 counter accept'
	for at in 10.8.0.2 fd08::2; do spawn_in $name "$WD_GEN" sink $at 53 1000000 100000 > /dev/null; done
done
ways() { # device v4 v6: by which of the two the address is reached
	printf 'route replace %s via %s dev %s\n' 10.8.0.2/32 "$2" "$1" fd08::2/128 "$3" "$1" | ip_lines r
}
ways rb 10.2.0.2 fd02::2
warm_up c 10.2.0.2 fd02::2
in_ns r nft -f - <<'NFT'
table inet nat {
	chain post { type nat hook postrouting priority 100; ip daddr 10.8.0.2 masquerade; ip6 daddr fd08::2 masquerade; }
}
NFT
trace_start

# four flows, of which each loses the first packet that would leave by another device
flows() { in_ns r cat /proc/sys/net/netfilter/nf_conntrack_count; }
before=$(flows)
for held in '10.8.0.2 8000' 'fd08::2 9000'; do
	in_pod a "$WD_GEN" udp-held ${held% *} 53 20 ${held#* } > "held.${held% *}" &
	case_pids="$case_pids $!"
done
for _ in $(seq 100); do [ "$(flows)" -lt $((before + 4)) ] || break; sleep 0.05; done
ways rc 10.3.0.2 fd03::2
for dst in 10.8.0.2 fd08::2; do wait_for "held.$dst" sent; done
expect_eq "before the change and after it" "$(nft_count b) $(nft_count c)" "4 76"

# a program takes the rest
drop_all() { # family address count
	nsenter -n/run/netns/wd-r "$WD_GEN" netfilter $1 2 60000 > "program.$1" &
	dropper=$!
	case_pids="$case_pids $dropper"
	wait_for "program.$1" attached
	in_pod a "$WD_GEN" udp $2 7 $3 100 2 > /dev/null
	kill $dropper
	wait $dropper
	expect_eq "what the program dropped" "$(sed -n 's/^dropped //p' "program.$1")" $3
}
by_program=0
if grep -q ' nf_hook_run_bpf' /proc/kallsyms; then
	by_program=41
	drop_all 4 10.2.0.2 20
	drop_all 6 fd02::2 21
fi
trace_stop
expect_events netfilter-hook-drop 2 '.dst.addr == "10.8.0.2" and .dst.port == 53'
expect_events netfilter-hook-drop 2 '.dst.addr == "fd08::2" and .dst.port == 53'
if [ $by_program != 0 ]; then
	expect_events netfilter-hook-drop 20 '.dst.addr == "10.2.0.2" and .dst.port == 7'
	expect_events netfilter-hook-drop 21 '.dst.addr == "fd02::2" and .dst.port == 7'
fi
expect_events netfilter-hook-drop $((4 + by_program)) '.victim.pod == "a"'
expect_only netfilter-hook-drop
# which functions there are is looked up on the stack, once a millisecond
found() { # port point function remedy: some events say so, and none at that port says another thing
	local says=".evidence.hook_point == \"$2\" and (.evidence.hooks | test(\"$3\")) and (.remedy | test(\"$4\"))"
	[ "$(events_of netfilter-hook-drop ".dst.port == $1 and $says")" -ge 1 ] || fail "no loss at $2 by $3"
	expect_all netfilter-hook-drop ".dst.port != $1 or .evidence.hook_point != \"$2\" or ($says)"
}
for family in 4 6; do
	found 53 "ip${family#4} postrouting" "nf_nat_ipv${family}_out.nf_nat." "leave by another device than it began on"
	[ $by_program = 0 ] || found 7 "ip${family#4} forward" nf_hook_run_bpf "bpftool net"
done
