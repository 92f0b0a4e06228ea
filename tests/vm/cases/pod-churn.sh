# SPDX-License-Identifier: GPL-2.0-only
# Pods by the thousand, made and removed as fast as it goes: memory and descriptors stay, and so does sense.
. "$WD_LIB"

takes_a_minute 6.1 7

ns r
mkdir -p "$cgroot/kubepods/burstable"
trace_start --attach tracepoint --cause no-listener --netns wd-r

rss() { awk '/^VmRSS/ { print $2 }' "/proc/$tracer/status"; }
fds() { ls "/proc/$tracer/fd" | wc -l; }
minute=60
[ -n "${WD_HOST:-}" ] || minute=100 # an emulated machine is slower than that
churn() { timeout $minute "$WD_GEN" churn "$cgroot/kubepods/burstable" /var/log/pods "$1" "$2" || fail "no churn"; }
churn 0 5000 # more than are remembered: GRAVES_REMEMBER_COUNT
sleep 0.5
rss=$(rss) fds=$(fds)
churn 5000 4000
sleep 0.5
expect_eq "descriptors" "$(fds)" "$fds"
echo "resident: $rss KiB after 5000 pods, $(rss) KiB after 4000 more"
[ $(($(rss) - rss)) -lt 4096 ] || fail "the tracer grew by $(($(rss) - rss)) KiB"

# one that comes after all these is known, and stays apart from them
pod late
link late eth0 10.1.0.2 fd01::2 r vl 10.1.0.1 fd01::1
sleep 0.3
in_pod late "$WD_GEN" udp 10.1.0.1 7001 3 20 > /dev/null
in_pod late "$WD_GEN" udp fd01::1 7001 3 20 > /dev/null
trace_stop
expect_events no-listener 6 '.dst.port == 7001 and .victim.pod == "late" and .victim.how == "veth"'
expect_events no-listener 6
