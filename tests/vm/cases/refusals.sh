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
