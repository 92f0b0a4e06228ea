# SPDX-License-Identifier: GPL-2.0-only
# A kernel that is locked down lets no tracer read its memory: said in one line. There is no way back
# from a lockdown, so this is the last case.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "a lockdown lasts until the next boot"
mount -t securityfs securityfs /sys/kernel/security 2> /dev/null || true
echo integrity > /sys/kernel/security/lockdown
"$WD_WHYDROP" trace --attach tracepoint -qq --duration 200ms 2> err || fail "lockdown=integrity: exit $?: $(cat err)"
echo confidentiality > /sys/kernel/security/lockdown
for command in trace probes; do
	code=0
	"$WD_WHYDROP" $command > out 2> err || code=$?
	expect_eq "exit status" $code 3
	grep -q 'locked down.*lockdown=confidentiality' err || fail "not explained: $(cat err)"
	expect_eq "lines on stderr" "$(wc -l < err)" 1
done
