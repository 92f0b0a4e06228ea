/* SPDX-License-Identifier: GPL-2.0-only */
/* Every difference between kernels that a program has to read around: flavours and accessors. */
#ifndef KERNEL_BPF_H
#define KERNEL_BPF_H

/*
 * A word that can be a kernel pointer. Fields of sk_buff share storage with other things: dev with
 * dev_scratch and rb_node, sk on 5.10 with ip_defrag_offset. The test for NULL stands alone, behind
 * a barrier, because the verifier believes no other test before a direct load.
 */
static __always_inline bool is_kernel_pointer(const void *p)
{
	if (!p)
		return false;
	barrier_var(p);
	return (__s64)p < -4096;
}

/* Inodes of namespaces come from proc_alloc_inum(): PROC_DYNAMIC_FIRST upwards, the initial ones just
 * below (include/linux/proc_ns.h). Anything else was not read from a namespace. */
static __always_inline bool is_netns_inode(__u32 inum)
{
	return inum >= 0xEFFFFFE0;
}

/* 5.17 (c504e5c2f964) gave the tracepoint a reason, 6.11 (c53795d48ee8) the receiving socket. */
static __always_inline __u32 kfree_skb_reason(const __u64 *args)
{
	return kf.kfree_skb_has_reason ? (__u32)args[2] : 0;
}

static __always_inline struct sock *kfree_skb_rx_sk(const __u64 *args)
{
	return kf.kfree_skb_has_rx_sk ? (struct sock *)args[3] : NULL;
}

/* Before 5.15 (8520e224f547) a socket's cgroup shared a word with net_cls and net_prio data. */
struct sock_cgroup_data___old {
	__u64 val;
} __attribute__((preserve_access_index));

struct sock___old {
	struct sock_cgroup_data___old sk_cgrp_data;
} __attribute__((preserve_access_index));

/* Inode of the file that stands for a full socket, 0 if it has none (any more): SOCK_INODE() of
 * include/net/sock.h. */
static __always_inline __u64 sock_inode(struct sock *sk)
{
	struct socket *socket = READ(sk, sk_socket);
	struct socket_alloc *alloc;

	if (!is_kernel_pointer(socket))
		return 0;
	alloc = (void *)socket - bpf_core_field_offset(struct socket_alloc, socket);
	return READ(alloc, vfs_inode.i_ino);
}

/* cgroup v2 id of a full socket, 0 if there is none. */
static __always_inline __u64 sock_cgroup_id(bool direct, struct sock *sk)
{
	struct cgroup *cgrp;
	__u64 val;

	if (bpf_core_field_exists(struct sock_cgroup_data, cgroup))
		return FOLLOW(direct, sk, sk_cgrp_data.cgroup, kn, id);
	val = READ((struct sock___old *)sk, sk_cgrp_data.val);
	if (val & 1)
		return 0;
	cgrp = (struct cgroup *)(val & ~3ULL);
	return cgrp ? READ(cgrp, kn, id) : 0;
}

/* Before 5.12 (3d368ab87cf6) the cookie was an atomic64_t that stays 0 until somebody asks. */
struct net___old {
	atomic64_t net_cookie;
} __attribute__((preserve_access_index));

static __always_inline __u64 netns_cookie(bool direct, struct net *net)
{
	if (bpf_core_field_exists(struct net___old, net_cookie.counter))
		return READ((struct net___old *)net, net_cookie.counter);
	return FOLLOW(direct, net, net_cookie);
}

/*
 * The other end of a veth, NULL if dev is none. `peer` is the first member of struct veth_priv
 * (drivers/net/veth.c) in every kernel, the private part of a device follows struct net_device
 * aligned to 32 bytes (netdev_priv), and only a veth's peer has dev for a peer: so no type of the
 * module is needed, which has no BTF on 5.10.
 */
static __always_inline struct net_device *veth_peer(struct net_device *dev)
{
	__u64 priv = (bpf_core_type_size(struct net_device) + 31) & ~31ULL;
	struct net_device *peer = (void *)read_u64((__u64)dev + priv);

	if (!is_kernel_pointer(peer))
		return NULL;
	return read_u64((__u64)peer + priv) == (__u64)dev ? peer : NULL;
}

/*
 * Result of the function an fexit program is attached to: behind its arguments, whose number (a constant
 * once loaded) differs between kernels. bpf_get_func_ret() came with 5.17 only. The barriers keep the
 * loads apart: the verifier allows no computed offset into the context.
 */
static __always_inline __u64 result_behind(const __u64 *ctx, __u8 args)
{
	__u64 result = 0;

	if (args == 2) {
		result = ctx[2];
		barrier_var(result);
	} else if (args == 3) {
		result = ctx[3];
		barrier_var(result);
	} else if (args == 4) {
		result = ctx[4];
		barrier_var(result);
	} else if (args == 5) {
		result = ctx[5];
		barrier_var(result);
	} else if (args == 6) {
		result = ctx[6];
		barrier_var(result);
	}
	return result;
}

/* Two unsigned ints before 6.1 (e01229999fe5), two bytes since: the low byte is the value in both. */
static __always_inline __u8 hook_of(struct nf_hook_state *s)
{
	return peek(1, &s->hook);
}

static __always_inline __u8 pf_of(struct nf_hook_state *s)
{
	return peek(1, &s->pf);
}

/* Hook and family are small numbers; the rest of the words they are in is 0, or padding. */
static __always_inline bool looks_like_hook(struct nf_hook_state *s)
{
	__u8 hook = hook_of(s), pf = pf_of(s);

	return hook < 6 && (pf == NFPROTO_IPV4 || pf == NFPROTO_IPV6 || pf == NFPROTO_BRIDGE ||
			    pf == NFPROTO_ARP);
}

/* Where netns_nf keeps the hooks of a family; arp and the devices' own have other places. */
static __always_inline struct nf_hook_entries *hook_entries(struct net *net, __u8 pf, __u8 hook)
{
	struct nf_hook_entries **at;

	if (hook > 4)
		return NULL;
	if (pf == NFPROTO_IPV4)
		at = net->nf.hooks_ipv4;
	else if (pf == NFPROTO_IPV6)
		at = net->nf.hooks_ipv6;
	else if (pf == NFPROTO_BRIDGE)
		at = net->nf.hooks_bridge;
	else
		return NULL;
	return (void *)read_u64((__u64)&at[hook]);
}

/*
 * What kprobe and kretprobe of one call have in common: the stack pointer. At entry it points to the
 * return address (x86) or to where none was pushed (arm64); when the function returns it is back where
 * the caller had it. Each running context has a stack of its own, so no two live calls share it.
 */
static __always_inline __u64 frame_key(struct pt_regs *ctx, bool is_return)
{
#ifdef __TARGET_ARCH_x86
	return PT_REGS_SP(ctx) - (is_return ? sizeof(__u64) : 0);
#else
	return PT_REGS_SP(ctx);
#endif
}

/* libbpf before 1.2 names five. */
static __always_inline __u64 sixth_argument(struct pt_regs *ctx)
{
#ifdef __TARGET_ARCH_x86
	return ctx->r9;
#else
	return ((struct user_pt_regs *)ctx)->regs[5];
#endif
}

/* This CPU's copy of per-CPU data, 0 if kallsyms did not tell where the copies are
 * (__per_cpu_offset, include/asm-generic/percpu.h). */
static __always_inline __u64 this_cpu_address(const void *percpu)
{
	__u64 offset;

	if (!kf.per_cpu_offset || !percpu)
		return 0;
	offset = read_u64(kf.per_cpu_offset + bpf_get_smp_processor_id() * sizeof(offset));
	return offset ? (__u64)percpu + offset : 0;
}

/* Before 5.13 the entries of a namespace were counted in struct netns_ct, since then in what conntrack
 * keeps for it (struct nf_conntrack_net). */
struct netns_ct___old {
	atomic_t count;
} __attribute__((preserve_access_index));

struct net___ct_old {
	struct netns_ct___old ct;
} __attribute__((preserve_access_index));

/* Entries of a namespace in the connection tracking table; 0 if nothing tells. */
static __always_inline __u32 ct_count(struct net *net)
{
	struct net_generic *gen;
	__u64 pernet;

	if (bpf_core_field_exists(struct net___ct_old, ct.count))
		return READ((struct net___ct_old *)net, ct.count.counter);
	if (!kf.ct_net_id || !bpf_core_field_exists(struct nf_conntrack_net, count))
		return 0;
	gen = READ(net, gen);
	pernet = read_u64((__u64)&gen->ptr[read_u32(kf.ct_net_id)]);
	return pernet ? READ((struct nf_conntrack_net *)pernet, count.counter) : 0;
}

/* Zones are optional (CONFIG_NF_CONNTRACK_ZONES). */
static __always_inline __u16 ct_zone(struct nf_conn *ct)
{
	return bpf_core_field_exists(struct nf_conn, zone) ? READ(ct, zone.id) : 0;
}

/* This CPU's count of connections whose hash chain was too long: 5.15 brought that limit. */
static __always_inline __u32 ct_chains_too_long(struct net *net)
{
	__u64 stat;

	if (!bpf_core_field_exists(struct ip_conntrack_stat, chaintoolong))
		return 0;
	stat = this_cpu_address(READ(net, ct.stat));
	return stat ? READ((struct ip_conntrack_stat *)stat, chaintoolong) : 0;
}

/* The connection of a packet that has one: the low bits of the word tell how it belongs to it. */
static __always_inline struct nf_conn *skb_ct(bool direct, struct sk_buff *skb)
{
	return (struct nf_conn *)(LOAD(direct, skb, _nfct) & ~7ULL);
}

/* 6.15 (b62bf8a5e9110). */
struct bpf_subprog_info___sleep {
	bool might_sleep;
} __attribute__((preserve_access_index));

/* Whether programs that have global functions may disable preemption. */
static __always_inline bool can_hold_cpu(void)
{
	return bpf_core_field_exists(struct bpf_subprog_info___sleep, might_sleep) &&
	       kf.preempt_disable && kf.preempt_enable;
}

/* Whether no drop reason was given, or this kernel has none. */
static __always_inline bool is_unspecified(__u32 reason)
{
	if (!bpf_core_enum_value_exists(enum skb_drop_reason, SKB_DROP_REASON_NOT_SPECIFIED))
		return true;
	return reason == bpf_core_enum_value(enum skb_drop_reason, SKB_DROP_REASON_NOT_SPECIFIED);
}

static __always_inline bool has_ipv6(struct net_device *dev)
{
	struct inet6_dev *idev = READ(dev, ip6_ptr);

	return idev && !READ(idev, cnf.disable_ipv6);
}

#endif
