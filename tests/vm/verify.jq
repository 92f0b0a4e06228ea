# SPDX-License-Identifier: GPL-2.0-only
# What is asked of all the events of a trace, which are the input, as an array. tests/vm/lib.sh adds what the
# case expects of them.
def type_ok($names): type as $y
	| ($names | index($y)) != null or ($y == "number" and ($names | index("integer")) != null);
def ok($t; $d):
	if $t["$ref"] then ok($d[$t["$ref"] | ltrimstr("#/$defs/")]; $d)
	elif $t.anyOf then . as $v | any($t.anyOf[]; . as $a | $v | ok($a; $d))
	elif type_ok([$t.type] | flatten) | not then false
	elif type != "object" or ($t.properties | not) then true
	else . as $o
		| ($t.required == null or ($t.required - ($o | keys)) == [])
		and all($o | keys[]; . as $k | $t.properties[$k] as $p | $p != null and ($o[$k] | ok($p; $d)))
	end;
def promises:
	(["time", "mono_ns", "cause", "severity", "reason", "symbol", "offset", "module", "proto",
	"tcp_flags", "length", "segs", "iface", "ifindex", "netns", "netns_cookie", "src", "dst",
	"victim", "peer", "process", "evidence", "remedy", "stack"] - .required) == []
	and (["addr", "port"] - .["$defs"].endpoint.required) == []
	and (["namespace", "pod", "uid", "container", "container_id", "unit", "how", "flags"]
	- .["$defs"].owner.required) == [];
# Whether events keep the JSON schema $s: each member it requires is there with a type it allows, and no other
# member is; and whether the schema has the names that other programs rely on. A few events of each cause.
def keeps_schema: ($s[0] | promises) and (group_by(.cause) | map(.[:2][]) | all(.[]; ok($s[0]; $s[0]["$defs"])));

# Causes and owners as the summary of the trace names them, and how many packets.
def owner: .victim as $v
	| if $v.pod then $v.namespace + "/" + $v.pod + (if $v.container then "/" + $v.container else "" end)
	else $v.unit // (if $v.how == "host" then "host" else null end) // $v.netns_name
		// (if .netns == 0 then "-" else "netns:\(.netns)" end) end;
def counts: group_by([.cause, owner])[] | "\(.[0].cause) \(.[0] | owner) \(map(.segs) | add)";

# Of which families they are: "4", "6", "46", or "-" where there is no address.
def families: map([.src.addr, .dst.addr | strings] | if any(contains(":")) then 6 elif length > 0 then 4 else "-" end)
	| unique | map(tostring) | join("");
def expected($i; f): map(select(f)) | "expect \($i) \(length) \(families)";
def between($cause): map(select(.cause == $cause)) | "proved \($cause) \(families)";
def refused($i; f): map(select(f)) | "expect \($i) \(.[0] // "" | tojson)";
