# SPDX-License-Identifier: GPL-2.0-only
# nftables: as many counters as it takes for their addresses to end in all ways there are. Some look like the head
# of a rule then, and each loss must name its own rule nevertheless.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3
rules=64 counters=110 # a rule has 128 expressions at most
{
	echo 'table inet fw { chain in { type filter hook input priority 0;'
	for i in $(seq $rules); do printf 'udp dport %s %s drop\n' "$i" "$(printf 'counter %.0s' $(seq $counters))"; done
	printf '}\n}\n'
} | in_ns b nft -f -
in_ns b nft -j list ruleset |
	jq '[.nftables[].rule? // empty | {key: "\(.expr[0].match.right)", value: "\(.handle)"}] | from_entries' > handles
trace_start
in_pod a bash -c 'for ((port = 1; port <= $1; port++)); do echo > "/dev/udp/10.1.0.3/$port"; done' - $rules
trace_stop
expect_events netfilter-rule-drop $rules
expect_eq "losses with their own rule" \
	"$(jq -c --slurpfile own handles 'select(.evidence.rule == $own[0]["\(.dst.port)"])' $events | wc -l)" $rules
expect_only netfilter-rule-drop
