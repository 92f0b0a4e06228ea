/* SPDX-License-Identifier: GPL-2.0-only */
/* What the running kernel has, as decided by user space from BTF and symbols before the load. */
#ifndef KFEAT_H
#define KFEAT_H

struct kfeat {
	__u8 kfree_skb_has_reason; /* third argument of the tracepoint (5.17) */
	__u8 kfree_skb_has_rx_sk;  /* fourth argument (6.11) */
	__u8 notes;		   /* some hook leaves notes: kfree_skb has to look for them */
	__u8 icmp4_watched; /* every ICMP error leaves a note, also those not sent for their rate */
	__u8 icmp6_watched;
	__u8 tcp_check_req_args; /* its number of parameters: where a fexit program finds the result */
	__u8 tcp_get_cookie_sock_args;
	__u8 tcp_add_backlog_args;
	__u8 tcp_drop_is_traced; /* what TCP drops inside passes kfree_skb (5.18) */
	__u8 ct_log_has_state; /* nf_ct_l4proto_log_invalid() takes a struct nf_hook_state (5.17) */
	__u8 inet_check_established_args;
	__u8 ports4_counted; /* each port that a connect passes over is counted */
	__u8 ports6_counted;
	__u8 pad[3];
	__u16 reason_proto_mem; /* enum skb_drop_reason of this kernel; 0 if unknown */
	__u16 reason_datagram_full; /* 0 also where a tracepoint tells the packet that a socket refuses */
	__u16 reason_ofo_pruned;
	__u16 reason_end_sequence;
	__u16 reason_over_window; /* 0 also where the kernel does not count what is beyond a window */
	__u16 mib_out_no_routes;    /* index into struct ipstats_mib; 0 if unknown */
	__u16 mib_listen_overflows; /* indexes into struct linux_mib; 0 if unknown */
	__u16 mib_listen_drops;
	__u16 mib_req_full_drop;
	__u16 mib_req_full_cookies;
	__u16 reason_too_big; /* numbers of SKB_DROP_REASON_*; 0 if this kernel has none */
	__u16 reason_rpfilter;
	__u16 reason_no_neighbour;
	__u16 neigh_queue_limit; /* NEIGH_VAR_QUEUE_LEN_BYTES: index into neigh_parms.data[] */
	__u32 preempt_disable; /* type ids of functions that programs may call; 0: there is none */
	__u32 preempt_enable;
	__u32 rdonly_cast;
	__u32 number_type; /* type id of struct timespec64: see read.bpf.h; 0 if the former is not there */
	__u64 per_cpu_offset; /* address of __per_cpu_offset[], 0 if unknown */
	__u64 arp_tbl;	      /* addresses of the neighbour tables, 0 if unknown */
	__u64 nd_tbl;
	__u64 ct_max;	  /* addresses of nf_conntrack_max, nf_conntrack_htable_size, */
	__u64 ct_buckets; /* nf_conntrack_net_id; 0 if unknown */
	__u64 ct_net_id;
	__u64 forward_start; /* address range of __dev_forward_skb and __dev_forward_skb2: */
	__u64 forward_end;   /* losses there are explained by the veth peer; 0 if unknown */
	__u64 forward2_start;
	__u64 forward2_end;
	__u64 neigh_send_start; /* of __neigh_event_send(), which frees for the neighbour it is called for */
	__u64 neigh_send_end;
	/* of ip6_xmit(), which frees what is too long for its route without saying so before 6.13 */
	__u64 xmit6_start;
	__u64 xmit6_end;
	/* of functions that only kernels without reasons are asked for: 0 on others. ip_rcv_finish_core()
	 * frees what rp_filter refuses, ip_finish_output2() and its twin what finds no neighbour */
	__u64 input4_start;
	__u64 input4_end;
	__u64 output4_start;
	__u64 output4_end;
	__u64 output6_start;
	__u64 output6_end;
};

#endif
