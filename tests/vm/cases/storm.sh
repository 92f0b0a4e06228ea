# SPDX-License-Identifier: GPL-2.0-only
# Losses at the full rate of one CPU and of two: counts are exact, and what is not described is told as lost, to a
# file, to a reader that stalls, and where nothing is described; memory stays. With run's -l, for 10 s each.
. "$WD_LIB"

[ -n "${WD_LONG:-}" ] || any_kernel
many=600000 few=200000
[ -n "${WD_HOST:-}" ] || many=60000 few=6000
pod b

begin() { # flags...: a tracer of its own, whose losses go to the descriptor 5
	: > trace.err
	"$WD_WHYDROP" trace --attach tracepoint --netns "$(inode b)" "$@" >&5 2> trace.err &
	tracer=$!
	wait_for trace.err ^ready
	losses=$(snmp b UdpNoPorts) losses6=$(snmp b Udp6NoPorts)
}

peak() { awk '/^VmHWM/ { print $2 }' "/proc/$tracer/status"; } # KiB

burst() { # address tenths packets cpus: these tenths of the packets, or of 10 s
	if [ -n "${WD_LONG:-}" ]; then
		in_pod b "$WD_GEN" blast "$1" 9 $(($2 * 1000)) "$4" > /dev/null
	else
		in_pod b "$WD_GEN" udp "$1" 9 $(($2 * $3 / 10)) 100 "$4" > /dev/null
	fi
}

storm() { # packets cpus: what the tracer takes after a tenth of it is in $warm
	burst 127.0.0.1 1 "$@"
	warm=$(peak)
	burst 127.0.0.1 10 "$@"
	burst ::1 1 "$@"
}

end() { # what: the account's numbers in $counted, $shown, $lost
	memory=$(peak)
	kill -INT $tracer
	wait $tracer || fail "$1: the tracer ended with $?"
	tracer=
	losses=$(($(snmp b UdpNoPorts) - losses + $(snmp b Udp6NoPorts) - losses6))
	counted=$(awk '$3 == "no-listener" { n += $1 } END { print n + 0 }' trace.err)
	shown=$(awk '$2 == "shown" { print $1 }' trace.err) lost=$(awk '$2 == "lost" { print $1 }' trace.err)
	echo "$1: $losses lost, $counted counted, $shown shown, $lost not described, $memory KiB, $((memory - warm)) more than after a tenth"
	expect_eq "$1: packets counted" "$counted" "$losses"
	[ "$memory" -le $((32 * 1024)) ] || fail "$1: the tracer took $memory KiB"
	[ $((memory - warm)) -le 2048 ] || fail "$1: the tracer took $warm KiB after a tenth of the storm, $memory KiB after all"
}

# Every loss is shown, or told to be lost, also what a CPU's full backlog cost; where no reason tells them at
# once, the frees of the ICMP errors about them want room as well.
described() { # what
	all=$(awk '/^ *packets +share/ { on = 1; next } !NF { on = 0 } on { n += $1 } END { print n + 0 }' trace.err)
	told=$(awk '$2 ~ /^(shown|hidden|filtered|lost)$/ { n += $1 } END { print n + 0 }' trace.err)
	expect_eq "$1: shown, hidden, filtered and lost" "$told" "$(awk '$2 == "events" { print $1 }' trace.err)"
	[ "$shown" -le "$all" ] && [ $((all - shown)) -le "$lost" ] || fail "$1: $all losses, $shown shown, only $lost not"
}

for cpus in 1 2; do
	begin -o json 5> lines
	storm $few $cpus
	# what is in the ring is described
	for _ in $(seq 300); do
		before=$(stat -c %s lines)
		sleep 0.3
		[ "$(stat -c %s lines)" != "$before" ] || break
	done
	end "to a file, $cpus CPUs"
	described "to a file"
	expect_eq "lines" "$(wc -l < lines)" "$shown"
	tail -n 1 lines | jq -e .cause > /dev/null || fail "the last line is cut off"
	rm lines
done

mkfifo pipe
(until [ -e over ]; do sleep 0.1; done && wc -l > read) < pipe &
reader=$!
begin -o json 5> pipe
storm $few 2
touch over
end "to a reader that stalls"
wait $reader
described "to a reader that stalls"
expect_eq "lines that were read" "$(cat read)" "$shown"
# what an emulated machine can lose may fit into the ring
[ -z "${WD_HOST:-}" ] || [ "$lost" -gt 0 ] || fail "nothing was too much"

for cpus in 1 2; do
	begin --count-only 5> nothing
	storm $many $cpus
	end "counted, $cpus CPUs"
	expect_eq "not described" "$lost" 0
done
