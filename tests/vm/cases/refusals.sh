# SPDX-License-Identifier: GPL-2.0-only
# What cannot be done is said in one clear message, with the right exit status.
. "$WD_LIB"

try() { # status words-on-stderr command...
	local want=$1 words=$2 code=0
	shift 2
	"$@" > out 2> err < /dev/null || code=$?
	[ $code = "$want" ] || fail "$*: exit $code, expected $want: $(cat err)"
	grep -qi -- "$words" err || fail "$*: no '$words' in: $(cat err)"
	[ "$(wc -l < err)" -le 6 ] || fail "$*: $(wc -l < err) lines on stderr"
	! grep -qi libbpf err || fail "$*: libbpf speaks: $(cat err)"
}
try 3 'root' setpriv --reuid 65534 --clear-groups --bounding-set=-all --inh-caps=-all "$WD_WHYDROP" trace
try 3 'root' setpriv --reuid 65534 --clear-groups --bounding-set=-all --inh-caps=-all "$WD_WHYDROP" probes
try 2 'cause' "$WD_WHYDROP" trace --cause nonsense
try 2 'address' "$WD_WHYDROP" trace --host nonsense
try 2 'port' "$WD_WHYDROP" trace --port 70000
try 2 'netns' "$WD_WHYDROP" trace --netns nonsense
try 2 'device' "$WD_WHYDROP" trace -i nonsense0
try 2 'proto' "$WD_WHYDROP" trace --proto nonsense
try 2 'duration' "$WD_WHYDROP" trace --duration forever
try 2 'output' "$WD_WHYDROP" trace -o xml
try 2 'nonsense' "$WD_WHYDROP" nonsense
try 2 'nonsense' "$WD_WHYDROP" explain nonsense

# What cannot be written has failed; a reader that has seen enough has not.
for command in explain 'help --man' 'trace --schema' 'probes --attach tracepoint'; do
	try 1 'write' sh -c "\"\$1\" $command > /dev/full" sh "$WD_WHYDROP"
done
bash -c 'set -o pipefail; "$1" explain | head -n 1' bash "$WD_WHYDROP" > out 2> err || fail "a closed pipe: exit $?"
[ ! -s err ] || fail "a closed pipe: $(cat err)"

# Parts of the system that are not there, or may not be looked at.
without() { # commands, as root of a mount namespace, before whydrop
	echo "set -e; $1; shift; exec \"\$@\""
}
for command in trace probes; do
	try 3 'BTF' unshare --mount sh -c "$(without 'mount --bind /dev/null /sys/kernel/btf/vmlinux')" sh - "$WD_WHYDROP" $command
done
works() { # words-on-stderr command...
	local words=$1 code=0
	shift
	"$@" > out 2> err < /dev/null || code=$?
	[ $code = 0 ] || fail "$*: exit $code: $(cat err)"
	grep -q -- "$words" err || [ "$words" = - ] || fail "$*: no '$words' in: $(cat err)"
	! grep -qi libbpf err || fail "$*: libbpf speaks: $(cat err)"
}
works - unshare --mount sh -c "$(without 'umount /sys/kernel/tracing /sys/kernel/debug/tracing /sys/kernel/debug 2> /dev/null || true')" sh - \
	"$WD_WHYDROP" probes --attach kprobe
if [ -z "${WD_HOST:-}" ]; then
	grep -q '^icmp_error4 *kprobe:' out || fail "without tracefs: $(cat out)"
fi
some="-all,+bpf,+perfmon,+sys_resource"
few="setpriv --reuid 65534 --clear-groups --inh-caps=$some --ambient-caps=$some --bounding-set=$some"

# What maps may take counts before 5.11 only, where it takes the capability to go beyond it.
lock() { # KiB command...
	# shellcheck disable=SC2016
	setpriv --inh-caps=-all --bounding-set=-sys_resource bash -c 'ulimit -l "$0" && exec "$@"' "$@"
}
if [[ "$(uname -r)" = 5.10.* ]]; then
	for command in trace 'agent --listen 127.0.0.1:9437'; do
		# shellcheck disable=SC2086
		try 3 'CAP_SYS_RESOURCE' lock 64 timeout 60 "$WD_WHYDROP" $command
	done
elif [ -n "${WD_HOST:-}" ]; then
	works - lock 64 "$WD_WHYDROP" trace -qq --duration 200ms
fi

# root of a container may lack some of these itself
if [ -z "${WD_HOST:-}" ] || $few true 2> /dev/null; then
	works 'CAP_SYSLOG' $few "$WD_WHYDROP" trace -qq --duration 200ms
fi
if [ -z "${WD_HOST:-}" ]; then # a switch of the whole machine
	sysctl -qw kernel.kptr_restrict=2
	works 'kernel.kptr_restrict' "$WD_WHYDROP" trace --attach tracepoint -qq --duration 200ms
	sysctl -qw kernel.kptr_restrict=0
fi
