# SPDX-License-Identifier: GPL-2.0-only
# A real Prometheus scrapes two agents, and PromQL answers which pod lost most, and why.
. "$WD_LIB"

[ -n "${WD_HOST:-}" ] || skip "there is a Prometheus on the host only"
routed_pods
for port in 19435 19436; do
	"$WD_WHYDROP" agent --listen "127.0.0.1:$port" --node "node-$port" 2> "err.$port" &
	case_pids="$case_pids $!"
	wait_for "err.$port" '^ready'
done
cat > prometheus.yml << EOF
global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [ alerts.yaml ]
scrape_configs: [ { job_name: whydrop, static_configs: [ { targets: [ "127.0.0.1:19435", "127.0.0.1:19436" ] } ] } ]
EOF
cp "${WD_LIB%/*}/../../tools/deploy/alerts.yaml" .
prometheus --config.file=prometheus.yml --storage.tsdb.path=data --web.listen-address=127.0.0.1:19090 > prometheus.log 2>&1 &
case_pids="$case_pids $!"

ask() { # query: the first result's value, then its labels cause and pod
	curl -s -m 5 -G 127.0.0.1:19090/api/v1/query --data-urlencode "query=$1" |
		jq -r '.data.result[0] | "\(.value[1]) \(.metric.cause) \(.metric.pod)"' || true
}
wait_until() { # what query want
	local got
	for _ in $(seq 60); do
		got=$(ask "$2")
		if [ "$got" = "$3" ]; then return 0; fi
		sleep 0.5
	done
	fail "$1: got $got, expected $3; $(tail -n 3 prometheus.log)"
}
wait_until "agents scraped" 'sum(up{job="whydrop"})' "2 null null"

# What was not there does not increase: one packet first.
in_ns a "$WD_GEN" udp 10.2.0.2 1234 1 100 > /dev/null
in_ns b "$WD_GEN" udp fd01::2 1234 1 100 > /dev/null
both='sum by (pod, cause) (whydrop_drops_total{node="node-19435",namespace="case"})'
wait_until "pods seen" "count($both)" "2 null null"
sleep 2
in_ns a "$WD_GEN" udp 10.2.0.2 1234 400 100 > /dev/null
in_ns b "$WD_GEN" udp fd01::2 1234 50 100 > /dev/null
wait_until "packets of both agents" 'sum(whydrop_drops_total{namespace="case"})' "904 null null"
most=$(ask 'topk(1, sum by (pod, cause) (increase(whydrop_drops_total{namespace="case",node="node-19436"}[1m])))')
expect_eq "the pod that lost most, and why" "${most#* }" "no-listener b"
wait_until "alert" 'count(ALERTS{alertname="WhydropNoListener",pod="b",node="node-19435"})' "1 null null"
