# SPDX-License-Identifier: GPL-2.0-only
# The tracer that ran beside all cases: its exact counts name the same owners as its events, also of pods that ended
# long ago, were many, or came again under one name. Counts may know more: whose a loss was that came too early.
. "$WD_LIB"

[ -z "${WD_HOST:-}" ] || skip "each case has a tracer of its own here"
has_reasons || skip "namespaces have no cookies there: what two pods lost in one inode is counted as the second's"
session_end

# "cause owner packets", with - for an owner that is no pod
counted=$(awk '/^ *packets +share/ { on = 1; next } !NF { on = 0 } on { print $3, $4 ~ /^case\// ? $4 : "-", $1 }' trace.err)
described=$(awk '
	function member(s, name) {
		if (!match(s, "\"" name "\":\"[^\"]*")) return ""
		return substr(s, RSTART + length(name) + 4, RLENGTH - length(name) - 4)
	}
	{
		victim = substr($0, index($0, "\"victim\":{"))
		victim = substr(victim, 1, index(victim, "}"))
		pod = member(victim, "pod")
		container = member(victim, "container")
		owner = pod == "" ? "-" : member(victim, "namespace") "/" pod (container == "" ? "" : "/" container)
		cause = member($0, "cause")
		match($0, /"segs":[0-9]*/)
		n[cause " " owner] += substr($0, RSTART + 7, RLENGTH - 7)
	}
	END { for (k in n) print k, n[k] }' $events)
lost=$(awk '$2 == "lost" { print $1 }' trace.err)
printf '%s\n\n%s\n' "$counted" "$described" | awk -v lost="$lost" '
	function pod_of(owner,    part) { return split(owner, part, "/") > 1 ? part[1] "/" part[2] : owner }
	!NF { second = 1; next }
	!second { c[$1 " " $2] += $3; if ($2 != "-") pods[$1 " " pod_of($2)] += $3; next }
	{ d[$1 " " $2] += $3; if ($2 != "-") told[$1 " " pod_of($2)] += $3; else early[$1] += $3 }
	END {
		for (k in d) if (k !~ / -$/ && c[k] < d[k] && split(k, part, "/") > 2) print k ": " c[k] + 0 " counted, " d[k] " described"
		for (k in told) if (pods[k] < told[k]) print k ": " pods[k] + 0 " counted, " told[k] " described"
		for (k in pods) {
			split(k, part, " ")
			if (pods[k] > told[k] + early[part[1]] + lost) print k ": " pods[k] " counted, " told[k] + 0 " described"
		}
	}' > differ
[ ! -s differ ] || fail "$(head -n 20 differ)"
