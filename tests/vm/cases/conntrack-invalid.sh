# SPDX-License-Identifier: GPL-2.0-only
# Packets with a bad checksum pass conntrack as invalid, untracked, and are lost where they arrive.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "this kernel allows tracepoints only"
routed_pods
in_ns r nft add table inet fw
in_ns r nft add chain inet fw onward '{ type filter hook forward priority 0; }'
in_ns r nft add rule inet fw onward ct state invalid counter accept
in_ns r nft add rule inet fw onward ct state new counter accept
invalid=$(ct_stat r invalid)
trace_start --all --netns wd-r
in_pod a "$WD_GEN" raw 10.1.0.2 10.2.0.2 53 5 64 0 > /dev/null
in_pod a "$WD_GEN" raw fd01::2 fd02::2 53 6 64 0 > /dev/null
in_pod a "$WD_GEN" raw 10.1.0.2 10.2.0.2 53 1 64 1 > /dev/null
trace_stop
expect_eq "what conntrack counted" $(($(ct_stat r invalid) - invalid)) 11
expect_events conntrack-invalid 5 '.dst.addr == "10.2.0.2" and .severity == "info"'
expect_events conntrack-invalid 6 '.dst.addr == "fd02::2"'
expect_all conntrack-invalid '.victim.pod == "a" and (.evidence.invalid_because | test("checksum"))'
expect_events conntrack-invalid 11
