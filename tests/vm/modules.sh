# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Modules that are loaded and unloaded while they are watched. Sourced by cases, behind lib.sh.
loaded() { awk '/^(nft_|nf_tables |ip_vs)/ { print $1 }' /proc/modules; }
unload() { # tries: true once they are gone; the rules of a namespace that has ended go a little later
	local some
	for _ in $(seq "$1"); do
		some=$(loaded)
		[ -n "$some" ] || return 0
		# shellcheck disable=SC2086
		rmmod $some 2> /dev/null || true
		sleep 0.1
	done
	return 1
}
said() { # count words...: of what the tracer or agent says
	local i
	for i in "${@:2}"; do
		for _ in $(seq 600); do
			[ "$(grep -c "$i" trace.err)" -lt "$1" ] || continue 2
			sleep 0.05
		done
		fail "not $1 times '$i' within 30 s"
	done
}
programs() { grep -cE 'bpf_prog_[0-9a-f]{16}_nft_(run|immediate)__' /proc/kallsyms || true; }
late_rule() {
	in_ns b nft 'table inet late { chain in { type filter hook input priority 0; udp dport 81 counter drop; }; }'
}
lose() { # count: of each family
	in_pod a "$WD_GEN" udp 10.1.0.3 81 "$1" 100 > /dev/null
	in_pod a "$WD_GEN" udp fd01::3 81 "$1" 100 > /dev/null
}
goes() { # tries: without rules, nf_tables and what is like it can be unloaded
	in_ns b nft flush ruleset
	unload "$1"
}
is_held() { ! goes 6; }
gone() { goes 40 || fail "$(loaded | xargs) cannot be unloaded $1"; } # when

# Two pods, and no module that is watched.
begin() {
	[ -z "${WD_SESSION:-}" ] || session_end
	unload 40 || fail "$(loaded | xargs) cannot be unloaded before the test"
	pod a b
	link a eth0 10.1.0.2 fd01::2 b eth0 10.1.0.3 fd01::3
	warm_up a 10.1.0.3 fd01::3
}
