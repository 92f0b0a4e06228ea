# SPDX-License-Identifier: GPL-2.0-only
# Two agents side by side: exact counts per pod by HTTP, sampled details, clients that mean harm, and the end.
. "$WD_LIB"

takes_a_minute 5.10 7

agent() { # name flags...: its pid in pid.NAME
	local name=$1
	shift
	"$WD_WHYDROP" agent --node "node-$name" "$@" > "out.$name" 2> "err.$name" &
	echo $! > "pid.$name"
	case_pids="$case_pids $!"
	wait_for "err.$name" '^ready'
}

get() { # port path [header]: head and body
	exec 3<> "/dev/tcp/127.0.0.1/$1"
	printf 'GET %s HTTP/1.1\r\nHost: agent\r\n%s\r\n' "$2" "${3:+$3$'\r\n'}" >&3
	timeout 30 cat <&3
	exec 3>&-
}

sum() { # file metric pattern: of all series that match
	awk -v m="$2{" -v p="$3" 'index($0, m) == 1 && $0 ~ p { n += $NF } END { print n + 0 }' "$1"
}
value() { # file metric
	awk -v m="$2" '$1 == m { print $2 }' "$1"
}

routed_pods
programs() { ! command -v bpftool > /dev/null || bpftool prog show | grep -c kfree_skb || true; }
before=$(programs)
agent one --events "$PWD/lines" --listen 127.0.0.1:9435 --listen "unix:$PWD/socket"
agent two --listen 127.0.0.1:9436 --listen '[::1]:9436' --serve-drops --detail-rate 1000 --audit 1s
sleep 1 # the second has read the kernel's counters by then
udp=$(snmp b UdpNoPorts) udp6=$(snmp b Udp6NoPorts)

# Losses of three kinds, many more than are described.
in_ns a "$WD_GEN" udp 10.2.0.2 1234 300 100 > /dev/null
in_ns a "$WD_GEN" udp fd02::2 1234 200 100 > /dev/null
in_ns a "$WD_GEN" connect 10.2.0.2 4321 7 2000 > /dev/null
expect_eq UdpNoPorts $(($(snmp b UdpNoPorts) - udp)) 300
expect_eq Udp6NoPorts $(($(snmp b Udp6NoPorts) - udp6)) 200
get 9435 /metrics > one.1
get 9436 /metrics > two.1
for file in one.1 two.1; do
	grep -q '^HTTP/1.1 200 OK' $file || fail "no metrics: $(cat $file)"
	expect_eq "$file: lost by b" "$(sum $file whydrop_drops_total 'cause="no-listener".*namespace="case",pod="b",container="app"')" 507
	expect_eq "$file: lost by nobody known" "$(sum $file whydrop_drops_total 'cause="no-listener".*pod="".*unit=""')" 0
	grep -q 'severity="loss".*node="node-'"${file%.1}"'"' $file || fail "$file: no node"
	expect_eq "$file: lost events" "$(value $file whydrop_events_lost_total)" 0
done
# 100 bytes each of UDP, of whose headers those that were taken off before the loss do not count
bytes=$(sum one.1 whydrop_drops_bytes_total 'cause="no-listener".*pod="b"')
[ "$bytes" -ge $((500 * 108)) ] && [ "$bytes" -le $((300 * 128 + 200 * 148 + 7 * 60)) ] || fail "bytes lost by b: $bytes"

# Details are samples, at least one of each kind, and what is left out is counted.
sleep 1.5
expect_eq "of IPv4, IPv6 and TCP" "$(jq -r 'select(.cause == "no-listener" and .victim.pod == "b") | .proto + .dst.addr' lines | sort -u | tr '\n' ' ')" \
	"tcp10.2.0.2 udp10.2.0.2 udpfd02::2 "
least=$(wc -l < lines)
get 9435 /metrics > one.2
most=$(wc -l < lines)
[ "$(value one.2 whydrop_events_sampled_total)" -gt 100 ] || fail "nothing was left out: $(value one.2 whydrop_events_sampled_total)"
written=$(value one.2 whydrop_events_written_total)
[ "$written" -ge "$least" ] && [ "$written" -le "$most" ] || fail "$written lines written, of $least to $most"
get 9436 /drops > drops
sed '1,/^\r*$/d' drops > recent
expect_eq "recent ones" "$(wc -l < recent)" 200
[ "$(jq -c 'select(.victim.pod == "b")' recent | wc -l)" -ge 150 ] || fail "recent ones are not those of b: $(cut -c1-200 recent)"
get 9435 /drops | grep -q '^HTTP/1.1 403' || fail "/drops is served to the network"

# The kernel's own counters say the same, and nothing is left unexplained.
for _ in $(seq 40); do
	get 9436 /metrics > two.2
	counted=$(sum two.2 whydrop_kernel_losses_total 'counter="Udp6?NoPorts",namespace="case",pod="b"')
	[ "$counted" != 500 ] || break
	sleep 0.5
done
expect_eq "counted by the kernel" "$counted" 500
expect_eq "unexplained of it" "$(awk '/^whydrop_kernel_losses_unexplained{.*pod="b"/ && $NF != 0' two.2)" ""

# What else is asked for.
get 9435 /healthz | grep -q '^HTTP/1.1 200' || fail "not healthy"
get 9435 /readyz | grep -q '^ready' || fail "not ready"
get 9435 /nothing | grep -q '^HTTP/1.1 404' || fail "/nothing is something"
get 9435 /metrics 'Accept: application/openmetrics-text; version=1.0.0' > open
expect_eq "the end of OpenMetrics" "$(tail -n 1 open)" "# EOF"
grep -qi '^content-type: application/openmetrics-text; version=1.0.0' open || fail "not OpenMetrics: $(head -n 5 open)"
if command -v promtool > /dev/null; then
	sed '1,/^\r*$/d' one.2 | promtool check metrics || fail "promtool does not like the metrics"
fi

# Clients that say nothing, say too much, or do not listen.
for _ in $(seq 40); do
	(exec 3<> /dev/tcp/127.0.0.1/9435 && exec sleep 60) &
	case_pids="$case_pids $!"
done
sleep 0.5
(exec 3<> /dev/tcp/127.0.0.1/9435 && yes 'X: y' | head -c 1000000 >&3) 2> /dev/null || true
get 9435 /metrics > one.3
expect_eq "lost by b, meanwhile" "$(sum one.3 whydrop_drops_total 'cause="no-listener".*pod="b"')" 507
[ "$(value one.3 whydrop_clients_cut_off_total)" -ge 8 ] || fail "nobody was cut off"

# SIGHUP: the file has got another name.
mv lines lines.moved
kill -HUP "$(< pid.one)"
in_ns a "$WD_GEN" udp 10.2.0.2 1234 5 100 > /dev/null
wait_for lines no-listener

# Least privilege: CAP_SYS_ADMIN is there, CAP_CHOWN, CAP_NET_RAW and CAP_SYS_MODULE are not.
caps=$(awk '/^CapEff/ { print "0x" $2 }' "/proc/$(< pid.one)/status")
[ $((caps & 1 << 21)) != 0 ] && [ $((caps & (1 | 1 << 13 | 1 << 16))) = 0 ] || fail "capabilities: $caps"
grep -q '^NoNewPrivs:.*1' "/proc/$(< pid.one)/status" || fail "new privileges are possible"

# A third cannot take the place of the first, and says so.
code=0
"$WD_WHYDROP" agent --listen 127.0.0.1:9435 2> err.three || code=$?
expect_eq "exit status" $code 1
grep -q '127.0.0.1:9435' err.three || fail "not said: $(cat err.three)"

# The end.
slack=5
[ -z "${WD_HOST:-}" ] || slack=1
for name in one two; do
	start=${EPOCHREALTIME/./}
	kill -TERM "$(< pid.$name)"
	code=0
	wait "$(< pid.$name)" || code=$?
	expect_eq "$name: exit status" $code 0
	[ $((${EPOCHREALTIME/./} - start)) -lt $((slack * 1000000)) ] || fail "$name took long to end"
done
[ ! -e socket ] || fail "the socket's name is left"
expect_eq "programs left" "$(programs)" "$before"
