# SPDX-License-Identifier: GPL-2.0-only
# Whether every object of $l keeps the JSON schema $s: each member it requires is there with a type it
# allows, and no other member is. And whether the schema has the names that other programs rely on.
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
($s[0] | promises) and ($l | length > 0) and all($l[]; ok($s[0]; $s[0]["$defs"]))
