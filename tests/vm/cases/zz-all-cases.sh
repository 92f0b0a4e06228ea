# SPDX-License-Identifier: GPL-2.0-only
# The tracer that ran beside all cases: its exact counts name the same causes as its events, as often; what
# the events lack is told as lost.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "each case has a tracer of its own here"
session_end
counted=$(awk '/^ *packets +share/ { on = 1; next } !NF { on = 0 } on { n[$3] += $1 } END { for (k in n) print k, n[k] }' trace.err | sort)
# jq would take minutes for all of them
described=$(awk '
	{
		match($0, /"cause":"[^"]*/)
		cause = substr($0, RSTART + 9, RLENGTH - 9)
		match($0, /"segs":[0-9]*/)
		n[cause] += substr($0, RSTART + 7, RLENGTH - 7)
	}
	END { for (k in n) print k, n[k] }' $events | sort)
lost=$(awk '$2 == "lost" { print $1 }' trace.err)
if [ "$lost" = 0 ]; then
	expect_eq "packets by cause" "$counted" "$described"
else
	# each lost event is a packet or, if it was a large segment, more
	printf '%s\n\n%s\n' "$counted" "$described" | awk -v lost="$lost" '
		!NF { second = 1 }
		NF && !second { n[$1] = $2 }
		NF && second { if ((n[$1] -= $2) < 0) bad = bad " " $1 }
		END { for (k in n) more += n[k]; if (more < lost) bad = bad " only " more " are not described"; print bad; exit bad != "" }
	' > compared || fail "$lost were lost; described, but not counted:$(cat compared)"
fi
awk '/events were seen/, 0' trace.err
# for the README's table (tools/matrix)
sed -nE 's/^whydrop: debug: ([a-z0-9_]+): attached by ([a-z_]+)$/\1 \2/p' trace.err | sort -u > hooks
grep -q '^kfree_skb ' hooks || fail "kfree_skb is not attached: $(cat hooks)"
