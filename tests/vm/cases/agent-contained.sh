# SPDX-License-Identifier: GPL-2.0-only
# The agent as tools/deploy/whydrop.yaml has it: the node's files below --root, read-only, and exactly its capabilities.
. "$WD_LIB"

caps=+bpf,+perfmon,+syslog,+net_admin,+net_broadcast,+sys_admin,+sys_ptrace,+dac_read_search
[[ "$(uname -r)" != 5.10.* ]] || caps=$caps,+sys_resource # its maps count as locked memory
routed_pods
for dir in proc sys/fs/cgroup run var/log/pods; do mkdir -p "host/$dir"; done
# In the place of systemd's journal: one file of all entries.
events=()
if [ -n "${WD_HOST:-}" ]; then
	python3 -c 'import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("journal")
with open("entries", "wb", 0) as f:
	while True: f.write(s.recv(65536))' &
	case_pids="$case_pids $!"
	until [ -S journal ]; do sleep 0.05; done
	events=(--events "journald:$PWD/journal")
fi
# shellcheck disable=SC2016
unshare --mount bash -c '
	mount --make-rprivate /
	for dir in proc sys/fs/cgroup run var/log/pods; do
		mount -o rbind "/$dir" "host/$dir" && mount -o remount,bind,ro "host/$dir" || exit 1
	done
	exec setpriv --bounding-set "-all,$0" --inh-caps -all --no-new-privs "$@"' \
	"$caps" "$WD_WHYDROP" agent --root "$PWD/host" --listen 127.0.0.1:9435 "${events[@]}" 2> err &
agent=$!
case_pids="$case_pids $agent"
wait_for err '^ready'

in_ns a "$WD_GEN" udp 10.2.0.2 1234 30 100 > /dev/null
in_ns a "$WD_GEN" udp fd02::2 1234 20 100 > /dev/null
exec 3<> /dev/tcp/127.0.0.1/9435
printf 'GET /metrics HTTP/1.1\r\n\r\n' >&3
timeout 30 cat <&3 > metrics
expect_eq "lost by b" "$(awk '/^whydrop_drops_total.*cause="no-listener".*namespace="case",pod="b",container="app"/ { n += $NF } END { print n + 0 }' metrics)" 50
[ -z "${WD_HOST:-}" ] || for field in MESSAGE='no-listener case/b/app 10.1.0.2:[0-9]* > 10.2.0.2:1234 udp .*' \
	PRIORITY=4 WHYDROP_CAUSE=no-listener K8S_POD_NAME=b K8S_NAMESPACE_NAME=case DESTINATION_PORT=1234 SOURCE_ADDRESS=10.1.0.2; do
	wait_for entries "^$field\$"
done
# bits of capabilities(7): 2 DAC_READ_SEARCH, 11 NET_BROADCAST, 12 NET_ADMIN, 19 SYS_PTRACE, 21 SYS_ADMIN, 34 SYSLOG, 38 PERFMON, 39 BPF
sets="Prm|Eff|Bnd"
[[ "$(uname -r)" != 5.10.* ]] || sets="Prm|Eff" # what the load takes there is given up after it
expect_eq "capabilities" "$(awk -v sets="^Cap($sets)" '$0 ~ sets { print $2 }' "/proc/$agent/status" | sort -u)" 000000c400281804
kill -TERM "$agent"
code=0
wait "$agent" || code=$?
expect_eq "exit status" $code 0
