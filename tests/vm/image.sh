# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What a test VM is made of: kernel, modules, tools, whydrop and what runs inside; and how it is started.
#
# Sourced by the scripts that run VMs, which set: top (of the tree), out (a directory), whydrop.
# shellcheck disable=SC2154

vm=$top/tests/vm
tools="bash ip tc nft xtables-legacy-multi xtables-nft-multi conntrack ipvsadm ss ping jq
	ethtool kmod timeout setpriv unshare"
shell_tools="sh ash mount umount ls cat sleep mkdir rmdir rm ln cp mv grep sed awk cut head tail
	tr wc seq stat kill poweroff dmesg date touch chmod env id test expr printf echo true false
	readlink md5sum basename dirname find sort uniq tee sync uname hostname mktemp taskset nproc dd
	chown pwd nice su mkfifo sysctl nsenter cmp tar gzip xargs sha256sum base64"
runtime="containerd containerd-shim-runc-v2 ctr runc curl protoc"

build_generators() { # out/gen
	command -v "$whydrop" > /dev/null || { echo "no $whydrop: run 'make' first" >&2; exit 1; }
	mkdir -p "$out"
	${CC:-gcc} -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -static -o "$out/gen" "$vm"/gen*.c
}

# A program with its libraries, at the same place in the image.
add_program() { # root name
	local path lib
	path=$(command -v "$2") || { echo "$2 is missing: apt-get install what tests/vm/packages lists" >&2; exit 1; }
	path=$(readlink -f "$path")
	cp -n "$path" "$1/bin/$(basename "$path")"
	[ -e "$1/bin/$2" ] || ln -s "$(basename "$path")" "$1/bin/$2"
	for lib in $(ldd "$path" 2>/dev/null | grep -oE '/[^ ]+' || true); do
		mkdir -p "$1$(dirname "$lib")"
		cp -nL "$lib" "$1$lib"
	done
}

pack() { # root archive
	(cd "$1" && find . -print0 | sort -z | cpio -o -0 -H newc --quiet) > "$2.new"
	mv "$2.new" "$2"
}

pack_tools() {
	local root=$out/tools t xt
	rm -rf "$root"
	mkdir -p "$root"/{bin,proc,sys,dev,tmp,run,etc,var/log,root,usr,lib}
	ln -s bin "$root/sbin"
	ln -s ../bin "$root/usr/bin"
	ln -s ../bin "$root/usr/sbin"
	cp "$(command -v busybox)" "$root/bin/busybox"
	for t in $shell_tools; do ln -s busybox "$root/bin/$t"; done
	for t in $tools; do add_program "$root" "$t"; done
	for t in iptables-legacy ip6tables-legacy; do ln -sf xtables-legacy-multi "$root/bin/$t"; done
	for t in iptables-nft ip6tables-nft; do ln -sf xtables-nft-multi "$root/bin/$t"; done
	for t in modprobe rmmod; do ln -sf kmod "$root/bin/$t"; done
	xt=$(find /usr/lib -type d -name xtables | head -n 1)
	mkdir -p "$root$xt"
	cp "$xt"/*.so "$root$xt"
	printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n' > "$root/etc/passwd"
	printf 'root:x:0:\nnogroup:x:65534:\n' > "$root/etc/group"
	pack "$root" "$out/tools.cpio"
	rm -rf "$root"
}

# The container runtime is many times what all else is, and wanted by few cases: it comes on a disk without a
# file system, which is this archive (see runtime_disk in cri.sh).
pack_runtime() {
	local root=$out/runtime t
	[ ! "$out/runtime.tar" -nt "$vm/image.sh" ] || return 0
	rm -rf "$root"
	mkdir -p "$root/bin" "$root/usr/lib/cni" "$root/etc"
	echo '127.0.0.1 localhost' > "$root/etc/hosts"
	: > "$root/etc/resolv.conf"
	for t in $runtime; do add_program "$root" "$t"; done
	for t in bridge ptp host-local loopback; do cp "/usr/lib/cni/$t" "$root/usr/lib/cni"; done
	tar -C "$root" -cf "$out/runtime.tar.new" .
	mv "$out/runtime.tar.new" "$out/runtime.tar"
	rm -rf "$root"
}

# The network's modules of a kernel and what they lean on.
pack_modules() { # kernel-dir archive
	local root=$2.root release
	release=$(cat "$1/release")
	rm -rf "$root"
	mkdir -p "$root/lib/modules/$release/kernel/drivers/net"
	for d in net lib crypto arch/x86/crypto drivers/net/vxlan; do
		[ ! -d "$1/lib/modules/$release/kernel/$d" ] ||
			(cd "$1/lib/modules/$release/kernel" && cp -r --parents "$d" "$root/lib/modules/$release/kernel")
	done
	mkdir -p "$root/lib/modules/$release/kernel/drivers/"{block,virtio}
	for m in block/virtio_blk virtio/virtio{,_ring,_pci,_pci_modern_dev,_pci_legacy_dev}; do
		cp "$1/lib/modules/$release/kernel/drivers/$m.ko"* "$root/lib/modules/$release/kernel/drivers/${m%/*}" 2>/dev/null || true
	done
	for m in veth vxlan geneve dummy tun ifb vrf; do
		cp "$1/lib/modules/$release/kernel/drivers/net/$m.ko"* "$root/lib/modules/$release/kernel/drivers/net" 2>/dev/null || true
	done
	cp "$1/lib/modules/$release"/modules.{builtin,builtin.modinfo,order} "$root/lib/modules/$release" 2>/dev/null || true
	depmod -b "$root" "$release" 2>/dev/null
	pack "$root" "$2"
	rm -rf "$root"
}

# What is the same for all kernels: the tools, whydrop, the generators, and files for /vm, of which `inside`
# is run by init.
pack_run() { # inside files...
	local root=$out/runroot
	[ "$out/tools.cpio" -nt "$vm/image.sh" ] || pack_tools
	rm -rf "$root"
	mkdir -p "$root/bin" "$root/vm"
	cp "$whydrop" "$root/bin/whydrop"
	cp "$out/gen" "$root/bin/gen"
	cp "$1" "$root/vm/inside"
	shift
	cp -r "$@" "$root/vm"
	cp "$vm/init" "$root/init"
	pack "$root" "$out/run.cpio"
	rm -rf "$root"
}

pack_initrd() { # series kernel-dir archive: after pack_run
	[ "$out/$1.cpio" -nt "$2/release" ] && [ "$out/$1.cpio" -nt "$vm/image.sh" ] ||
		pack_modules "$2" "$out/$1.cpio"
	cat "$out/$1.cpio" "$out/tools.cpio" "$out/run.cpio" > "$3"
}

# Of a processor that says it copies bytes fast, emulation copies byte by byte. CPUs that spin for good are a panic.
# In the background. What init's `inside` prints goes to the file of lines; $kernel_words are for the kernel alone.
start_vm() { # seconds kernel-dir initrd console-file lines-file words-for-inside qemu-flags...
	local seconds=$1 dir=$2 initrd=$3 console=$4 lines=$5 words=$6
	shift 6
	: > "$lines"
	timeout "$seconds" qemu-system-x86_64 "$@" -cpu max,erms=off,fsrm=off -m 2048 -display none -no-reboot -nic none \
		-kernel "$dir/vmlinuz" -initrd "$initrd" -serial "file:$console" -serial "file:$lines" \
		-append "${kernel_words:-} console=ttyS0 mitigations=off quiet loglevel=4 panic=-1 softlockup_panic=1 watchdog_thresh=30 wd.record=${WD_RECORD:-} wd.audit=${WD_AUDIT:-} wd.long=${WD_LONG:-} wd.again=${WD_AGAIN:-} wd.cases=${words// /,}" \
		< /dev/null > /dev/null 2>&1 &
}

booted() { # lines-file qemu-pid: wait up to 60 s for the first sign of life
	local start=$SECONDS
	while [ $((SECONDS - start)) -lt 60 ] && kill -0 "$2" 2>/dev/null; do
		if grep -qa BOOTED "$1"; then
			printf '# boot took %d s\n' $((SECONDS - start))
			return 0
		fi
		sleep 0.2
	done
	grep -qa BOOTED "$1"
}
