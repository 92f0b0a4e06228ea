# SPDX-License-Identifier: GPL-2.0-only
# The kernel's own count of each hook's runs: as many as packets were lost.
. "$WD_LIB"

pod a
ns r
link a eth0 10.1.0.2 fd01::2 r ra 10.1.0.1 fd01::1
warm_up a 10.1.0.1 fd01::1
: > trace.err
"$WD_WHYDROP" probes --cost --attach tracepoint --duration 4s > cost 2> trace.err &
cost=$!
for _ in $(seq 300); do ! grep -q '^counting' trace.err || break; sleep 0.05; done
sleep 0.2
in_pod a "$WD_GEN" udp 10.1.0.1 9 300 100 > /dev/null
in_pod a "$WD_GEN" udp fd01::1 9 300 100 > /dev/null
wait $cost || fail "probes --cost ended with $?"
cat cost
runs() { awk -v p="$1" '$1 == p { print $2 }' cost; }
most=800
[ -z "${WD_HOST:-}" ] || most=1000000 # others lose packets there too
[ "$(runs kfree_skb)" -ge 600 ] && [ "$(runs kfree_skb)" -lt $most ] || fail "kfree_skb ran $(runs kfree_skb) times for 600 losses"
[ "$(awk '$1 == "kfree_skb" { print $4 }' cost)" -gt 0 ] || fail "runs take no time"
[ "$(runs all)" -ge "$(runs kfree_skb)" ] || fail "the sum is less than its parts"
# for the README's table; zz-all-cases does it in the virtual machines
[ -z "${WD_HOST:-}" ] || "$WD_WHYDROP" probes | sed -nE 's/^([a-z0-9_]+) +(tp_btf|raw_tp|fentry|fexit|kprobe|kretprobe):.*/\1 \2/p' > hooks
