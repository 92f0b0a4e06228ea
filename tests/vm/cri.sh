# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC1090,SC2034,SC2154
# A node with a containerd of its own, and pods made over CRI as kubelet makes them; for cases that need real ones.
#
# A case that sources this becomes the first process of a PID namespace with a network and mounts of its own,
# which is the node: its network namespace is "the host's" for the tracer, wd-node for the functions of
# lib.sh, and all that runs there ends with the case. Left behind are cgroups, all below /wd-node.

# A virtual machine finds the runtime on its disk; and as runc cannot leave the first root file system of
# a kernel, the node's is a mount of that.
runtime_disk() {
	[ -n "$(type -P containerd)" ] || { modprobe -a virtio_pci virtio_blk && tar -xf /dev/vda -C /; }
	mkdir -p /node
	mount --rbind / /node
}

case ${WD_NODE:-} in
'') WD_NODE=mounts exec unshare --mount bash "$0" 9< /proc/self/ns/net ;;
mounts)
	root=()
	[ -n "${WD_HOST:-}" ] || { runtime_disk && root=(--root=/node "--wd=$PWD"); }
	WD_NODE=all exec unshare --net --pid --fork --kill-child --mount-proc "${root[@]}" bash "$0"
	;;
esac
unset WD_SESSION # the tracer of all cases is not on this node
. "$WD_LIB"

proto=${WD_LIB%/*}
at_end node_end

of_all() { nsenter --net=/proc/self/fd/9 "$@"; } # outside the node, where the limits of all namespaces are

node_start() {
	ip link set lo up
	ip netns attach wd-node $$
	names=node
	sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv6.conf.all.accept_dad=0 \
		net.ipv6.conf.default.accept_dad=0
	mkdir root
	mount -t tmpfs whydrop-test root # containerd waits for the disk all the time
	image_make
	config_make > config.toml
	containerd -c config.toml > containerd.log 2>&1 &
	case_pids=$!
	wait_for containerd.log 'successfully booted'
	ctr -a cri.sock -n k8s.io image import --snapshotter native image.tar > import.log || fail "no image: $(cat import.log)"
	cri Status > status
	[ "$(grep -c 'status: true' status)" = 2 ] || fail "containerd is not ready: $(cat status containerd.log)"
}

node_pids() { find "$cgroot/wd-node" -name cgroup.procs -exec cat {} + 2> /dev/null; }

# The shims end with the first process.
node_end() {
	while node_pids | xargs -r kill -9; [ -n "$(node_pids)" ]; do sleep 0.05; done
	remove_cgroups '*/wd-node*'
}

# The runtime may be at it, too.
remove_cgroups() { # pattern
	for _ in $(seq 100); do
		if find /sys/fs/cgroup -depth -type d -path "$1" -exec rmdir {} + 2> /dev/null; then return 0; fi
		sleep 0.05
	done
	fail "cgroups are left behind: $(find /sys/fs/cgroup -type d -path "$1")"
}

# busybox and gen, as an image that nobody has to pull.
image_make() {
	mkdir -p image/bin
	cp "$(command -v busybox)" image/bin/busybox
	cp "$WD_GEN" image/bin/gen
	for applet in sh sleep; do ln -s busybox image/bin/$applet; done
	tar -C image -cf layer.tar .
	printf '{"architecture":"amd64","os":"linux","config":{"Entrypoint":["/bin/sleep","1000"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
		"$(sha256sum layer.tar | cut -d ' ' -f 1)" > image.json
	echo '[{"Config":"image.json","RepoTags":["local/test:1"],"Layers":["layer.tar"]}]' > manifest.json
	tar -cf image.tar manifest.json image.json layer.tar
}

# One handler for each way to the node; the state is where whydrop looks for it.
config_make() {
	cat <<-TOML
		version = 2
		disabled_plugins = [$(printf '"io.containerd.%s",' snapshotter.v1.{aufs,btrfs,devmapper,overlayfs,zfs} \
			tracing.processor.v1.otlp internal.v1.{opt,tracing})]
		root = "$PWD/root"
		state = "/run/containerd"
		[grpc]
		address = "$PWD/cri.sock"
		[plugins."io.containerd.grpc.v1.cri"]
		sandbox_image = "local/test:1"
		restrict_oom_score_adj = true
		[plugins."io.containerd.grpc.v1.cri".cni]
		bin_dir = "/usr/lib/cni"
		conf_dir = "$PWD/cni/bridge"
		[plugins."io.containerd.grpc.v1.cri".containerd]
		snapshotter = "native"
		default_runtime_name = "bridge"
	TOML
	cni_network bridge '"type": "bridge", "bridge": "cni0", "isGateway": true' 10.244.7.0/24 fd07::/64
	cni_network ptp '"type": "ptp"' 10.244.8.0/24 fd08::/64
	# one address: a pod gets that of the pod before
	cni_network single '"type": "ptp"' '10.244.9.0/24", "rangeStart": "10.244.9.2", "rangeEnd": "10.244.9.2'
}

cni_network() { # name plugin subnets...: its file, and its handler on stdout
	local name=$1 plugin=$2 ranges=
	shift 2
	mkdir -p "cni/$name"
	for subnet in "$@"; do ranges+="${ranges:+, }[{ \"subnet\": \"$subnet\" }]"; done
	cat > "cni/$name/10.conflist" <<-JSON
		{ "cniVersion": "0.4.0", "name": "$name", "plugins": [{ $plugin,
		  "ipam": { "type": "host-local", "dataDir": "$PWD/ipam", "ranges": [$ranges],
		    "routes": [{ "dst": "0.0.0.0/0" }, { "dst": "::/0" }] } }] }
	JSON
	cat <<-TOML
		[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.$name]
		runtime_type = "io.containerd.runc.v2"
		cni_conf_dir = "$PWD/cni/$name"
	TOML
}

# gRPC is one POST over HTTP/2, the message behind a zero and its length.
cri() { # method: the request as protobuf's text on stdin, the answer on stdout
	local call=call.$BASHPID length
	protoc -I "$proto" --encode="runtime.v1.$1Request" cri.proto > "$call.request"
	printf -v length '\\x%02x\\x%02x' $(($(stat -c %s "$call.request") / 256)) $(($(stat -c %s "$call.request") % 256))
	# shellcheck disable=SC2059
	{ printf "\0\0\0$length" && cat "$call.request"; } > "$call.framed"
	curl -sS --max-time 60 --http2-prior-knowledge --unix-socket cri.sock -D "$call.headers" -o "$call.answer" \
		-H 'content-type: application/grpc' -H 'te: trailers' --data-binary "@$call.framed" \
		"http://localhost/runtime.v1.RuntimeService/$1" || fail "no answer to $1: $(cat containerd.log)"
	grep -q "grpc-status: 0" "$call.headers" || fail "$1: $(cat "$call.headers"; grep -vE "level=info" containerd.log | tail -n 20)"
	tail -c +6 "$call.answer" | protoc -I "$proto" --decode="runtime.v1.$1Response" cri.proto
}

# What kubelet tells the runtime of a pod. A static pod's uid is 32 digits without a dash. Pods have the label app:
# their name up to its last dash.
sandbox_config() { # name network
	cri_uid "$1"
	echo "metadata { name: \"$1\" uid: \"$uid\" namespace: \"case\" } log_directory: \"/var/log/pods/case_$1_$uid\"
		labels { key: \"app\" value: \"${1%-*}\" } labels { key: \"io.kubernetes.pod.name\" value: \"$1\" }
		linux { cgroup_parent: \"/wd-node/kubepods/burstable/pod$uid\"
			security_context { namespace_options { network: $2 } } }"
}

cri_uid() { # name: in $uid
	find_uid "$1"
	case $1 in static*) uid=${uid//-/} ;; esac
}

# kubelet makes it before it calls the runtime; the tests are later or never, too.
log_directory() { # name containers...
	local name=$1
	cri_uid "$name"
	shift
	for container in "$@"; do mkdir -p "/var/log/pods/case_${name}_$uid/$container"; done
}

# A pod, and the ids of it and of its containers in pods/NAME/. In parts, so that several can be made at once.
cri_pod() { # name handler|host [container command]...
	local name=$1 handler=$2 network=POD config
	[ "$2" != host ] || handler=bridge network=NODE
	shift 2
	mkdir -p "pods/$name"
	config=$(sandbox_config "$name" $network)
	cri RunPodSandbox <<< "config { $config } runtime_handler: \"$handler\"" | first_text > "pods/$name/POD"
	while [ $# -gt 0 ]; do
		cri CreateContainer <<-TEXT | first_text > "pods/$name/$1"
			pod_sandbox_id: "$(< "pods/$name/POD")" sandbox_config { $config }
			config { metadata { name: "$1" } image { image: "local/test:1" }
				command: "/bin/sh" command: "-c" command: "$2"
				linux { security_context { namespace_options { network: $network } } } }
		TEXT
		cri StartContainer <<< "container_id: \"$(< "pods/$name/$1")\""
		shift 2
	done
}

first_text() { sed -n 's/^[^"]*"\([^"]*\)".*/\1/p;q'; }

cri_sandbox_end() { # name
	cri StopPodSandbox <<< "pod_sandbox_id: \"$(< "pods/$1/POD")\""
	cri RemovePodSandbox <<< "pod_sandbox_id: \"$(< "pods/$1/POD")\""
}

cri_pod_end() { # name: as kubelet ends it, but for its log directory, which it leaves for later
	cri_sandbox_end "$1"
	cri_uid "$1"
	remove_cgroups "*/wd-node/*/pod$uid*"
}

cri_addresses() { # name: one a line
	cri PodSandboxStatus <<< "pod_sandbox_id: \"$(< "pods/$1/POD")\"" | sed -n 's/.*ip: "\(.*\)"/\1/p'
}

cri_exec() { # name container text-for-sh: as kubectl exec
	cri ExecSync <<< "container_id: \"$(< "pods/$1/$2")\" cmd: \"/bin/sh\" cmd: \"-c\" cmd: \"${3//$'\n'/ }\" timeout: 20" > "exec.$1.$2"
	! grep -q exit_code "exec.$1.$2" || fail "in $1/$2: $3: $(cat "exec.$1.$2")"
}

sandbox_pid() { cat "$oci/$(< "pods/$1/POD")/init.pid"; } # name

in_pod_netns() { # name command...: of the node, in the pod's network only
	local pid
	pid=$(sandbox_pid "$1")
	shift
	nsenter -t "$pid" -n "$@"
}

# A process of the node that goes into a container's cgroup, and into the network of a pod: with all privileges.
cri_join() { # name container name-of-network command...
	local name=$1 container=$2 network=$3
	shift 3
	cri_uid "$name"
	(echo "$BASHPID" > "$cgroot/wd-node/kubepods/burstable/pod$uid/$(< "pods/$name/$container")/cgroup.procs"
		in_pod_netns "$network" "$@")
}

# The node's end of the pod's eth0.
cri_veth() { # name
	ip -j link | jq -r --argjson i "$(in_pod_netns "$1" ip -j link show eth0 | jq '.[0].link_index')" \
		'.[] | select(.ifindex == $i) | .ifname'
}
