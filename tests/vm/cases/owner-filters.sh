# SPDX-License-Identifier: GPL-2.0-only
# Filters by owner: what is surely another's stays in the kernel, and pods that come later are not missed.
. "$WD_LIB"

pod a b
link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
warm_up a 10.1.0.3 fd01::3

start() { # name flags...
	local name=$1
	shift
	"$WD_WHYDROP" trace -o json --attach tracepoint "$@" > "$name.json" 2> "$name.err" &
	echo $! > "$name.pid"
	case_pids="$case_pids $!"
}
start pod-b --pod b --cause no-listener
start later --pod later --cause no-listener
start container --container app --cause no-listener
for f in pod-b later container; do
	for _ in $(seq 200); do
		if grep -q '^ready' $f.err; then continue 2; fi
		sleep 0.1
	done
	fail "the tracer $f did not get ready: $(cat $f.err)"
done

in_pod a "$WD_GEN" udp 127.0.0.1 6001 20 20 > /dev/null # a's own
in_pod a "$WD_GEN" udp 10.1.0.3 6002 7 20 > /dev/null   # b's
in_pod a "$WD_GEN" udp fd01::3 6002 8 20 > /dev/null
# a pod that comes now: its first losses, while the tracer learns of it
pod later
in_pod later "$WD_GEN" udp 127.0.0.1 6003 5 20 > /dev/null
in_pod later "$WD_GEN" udp ::1 6003 6 20 > /dev/null
sleep 0.3
for f in pod-b later container; do
	kill -INT "$(cat $f.pid)"
	wait "$(cat $f.pid)" || fail "$f: ended with $?: $(cat $f.err)"
done
ports() { jq -r '"\(.dst.port) \(.victim.pod)"' "$1.json" | sort | uniq -c | awk '{ $1 = $1; print }' | tr '\n' ';'; }
expect_eq "--pod b" "$(ports pod-b)" "15 6002 b;"
expect_eq "--pod later" "$(ports later)" "11 6003 later;"
expect_eq "--container app" "$(ports container)" "20 6001 a;15 6002 b;11 6003 later;"
grep -qE '^ *15 shown' pod-b.err || fail "the account of --pod b: $(cat pod-b.err)"
