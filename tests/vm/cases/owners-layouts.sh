# SPDX-License-Identifier: GPL-2.0-only
# Cgroups and files exactly as other runtimes and drivers lay them out (CRI-O, cri-dockerd, docker, podman, kind, k3s;
# systemd and cgroupfs), made by name: whose each loss is. Their places are this case's own mounts.
[ -n "${WD_HOST:-}" ] || { echo "SKIP: nothing here depends on the kernel: runs on the host"; exit 77; }
[ -n "${WD_MOUNTS:-}" ] || WD_MOUNTS=1 exec unshare --mount bash "$0"
mount -t tmpfs whydrop-test /run
mount -t tmpfs whydrop-test /var/lib
mkdir -p /run/netns
. "$WD_LIB"

node=$cgroot/wd-node
file() { mkdir -p "${1%/*}" && cat > "$1"; } # path: the text on stdin
kubelet_annotations() { # name kind
	echo "\"io.kubernetes.pod.name\": \"$1\", \"io.kubernetes.pod.namespace\": \"case\", \"io.kubernetes.pod.uid\": \"$uid\",
		\"io.kubernetes.container.name\": \"$2\""
}

# What the runtimes write of a container. With kind POD it is the sandbox.
crio() { # root id name kind netns: io.kubernetes.cri-o.Annotations and the like are JSON in a string
	local type=container
	[ "$4" != POD ] || type=sandbox
	file "$1/containers/storage/overlay-containers/$2/userdata/config.json" <<-JSON
		{ "ociVersion": "1.0.2-dev", "annotations": { $(kubelet_annotations "$3" "$4"),
		  "io.container.manager": "cri-o", "io.kubernetes.cri-o.ContainerType": "$type",
		  "io.kubernetes.cri-o.Namespace": "case", "io.kubernetes.cri-o.KubeName": "$3",
		  "io.kubernetes.cri-o.Labels": "{\"app\":\"x\",\"io.kubernetes.pod.name\":\"$3\"}" },
		  "linux": { "namespaces": [{ "type": "pid" }, { "type": "network", "path": "$5" }] } }
	JSON
}
dockerd() { # id name kind
	local type=container
	[ "$3" != POD ] || type=podsandbox
	file "/var/lib/docker/containers/$1/config.v2.json" <<-JSON
		{ "ID": "$1", "Name": "/k8s_$3_$2_case_${uid}_0", "NetworkSettings": { "SandboxKey": "/var/run/docker/netns/${1:0:12}" },
		  "Config": { "Hostname": "$2", "Labels": { $(kubelet_annotations "$2" "$3"), "io.kubernetes.docker.type": "$type" } } }
	JSON
}
containerd() { # state id name: a container of any containerd
	file "$1/io.containerd.runtime.v2.task/k8s.io/$2/config.json" <<-JSON
		{ "annotations": { "io.kubernetes.cri.container-type": "container", "io.kubernetes.cri.container-name": "app",
		  "io.kubernetes.cri.sandbox-namespace": "case", "io.kubernetes.cri.sandbox-name": "$3",
		  "io.kubernetes.cri.sandbox-uid": "$uid" } }
	JSON
}

# A namespace with a rule that drops on output, and what finds the pod: $uid, with underscores $uid_, and $id.
begin() { # name
	ns "$1"
	in_ns "$1" nft 'add table inet t; add chain inet t out { type filter hook output priority 0; };
		add rule inet t out udp dport 4000-4999 drop'
	find_uid "$1"
	to_hex "$1" 64
	case $1 in static*) uid=${uid//-/} ;; esac
	uid_=${uid//-/_} id=$hex sandbox=${hex:32}${hex:0:32}
}
places=()
live() { # name cgroup port: a process of its container
	mkdir -p "$node/$2"
	(echo "$BASHPID" > "$node/$2/cgroup.procs" && exec nsenter -n"/run/netns/wd-$1" sleep 300) &
	case_pids="$case_pids $!"
	places+=("$1 $2 $3")
}

slice() { echo "kubepods.slice/kubepods-$1.slice/kubepods-$1-pod$uid_.slice"; } # qos

begin crio-s # with crun's own level below the scope, and no infra container
crio /var/lib "$sandbox" crio-s POD /run/netns/wd-crio-s
crio /run "$id" crio-s app /run/netns/wd-crio-s
mkdir -p "$node/$(slice burstable)/crio-$sandbox"
live crio-s "$(slice burstable)/crio-$id.scope/container" 4001
begin crio-c
crio /var/lib "$id" crio-c app /run/netns/wd-crio-c
mkdir -p "$node/kubepods/besteffort/pod$uid/crio-conmon-$id"
live crio-c "kubepods/besteffort/pod$uid/crio-$id" 4002
begin dock-s # guaranteed: no level for the class
dockerd "$sandbox" dock-s POD
dockerd "$id" dock-s app
live dock-s "kubepods.slice/kubepods-pod$uid_.slice/docker-$id.scope" 4003
begin dock-c
dockerd "$id" dock-c app
live dock-c "kubepods/burstable/pod$uid/$id" 4004
begin cond-s
containerd /run/containerd "$id" cond-s
live cond-s "$(slice besteffort)/cri-containerd-$id.scope" 4005
begin mismatched # kubelet says systemd, runc is told to use cgroupfs
containerd /run/containerd "$id" mismatched
live mismatched "system.slice/containerd.service/kubepods-burstable-pod$uid_.slice:cri-containerd:$id" 4006
begin kind
containerd /run/containerd "$id" kind
live kind "kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod$uid_.slice/cri-containerd-$id.scope" 4007
begin k3s
containerd /run/k3s/containerd "$id" k3s
live k3s "kubepods/burstable/pod$uid/$id" 4008
begin static-web # no file of the runtime, kubelet's directory only
mkdir -p "/var/log/pods/case_static-web_$uid/app"
live static-web "kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod$uid_.slice/cri-containerd-$id.scope" 4009
begin flat # cgroupsPerQOS=false: nothing but the container's id
containerd /run/containerd "$id" flat
live flat "cri-containerd-$id.scope" 4010
begin docker # no pod at all
file "/var/lib/docker/containers/$id/config.v2.json" <<< "{ \"ID\": \"$id\", \"Name\": \"/shop-db\", \"Config\": { \"Labels\": {} } }"
docker=$id
live docker "system.slice/docker-$id.scope" 4011
begin podman
podman=$id
live podman "machine.slice/libpod-$id.scope/container" 4012

lose() { # name cgroup port
	(echo "$BASHPID" > "$node/$2/cgroup.procs" && exec nsenter -n"/run/netns/wd-$1" "$WD_GEN" udp 127.0.0.1 "$3" 2 20 > /dev/null)
}
trace_start --attach tracepoint
for place in "${places[@]}"; do
	# shellcheck disable=SC2086
	lose $place
done
trace_stop

point() { judge "output rule in the pod" none "$1" "$2" "2 $3 sk-cgroup > - -"; } # runtime port victim
point "CRI-O, systemd" 4001 crio-s/app
point "CRI-O, cgroupfs" 4002 crio-c/app
point "cri-dockerd, systemd" 4003 dock-s/app
point "cri-dockerd, cgroupfs" 4004 dock-c/app
point "containerd, systemd" 4005 cond-s/app
point "containerd, drivers differ" 4006 mismatched/app
point "containerd of kind" 4007 kind/app
point "containerd of k3s" 4008 k3s/app
point "containerd, static pod" 4009 static-web
point "containerd, no cgroups per class" 4010 flat/app
containers() { jq -r "select(.dst.port == $1).victim | [.pod, .container, .container_id, .how] | join(\" \")" $events | sort -u; }
expect_eq "docker without pods" "$(containers 4011)" " shop-db $docker sk-cgroup"
expect_eq "podman" "$(containers 4012)" "  $podman sk-cgroup"
