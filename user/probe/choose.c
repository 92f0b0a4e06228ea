/* SPDX-License-Identifier: GPL-2.0-only */
/* What a way of attaching needs of a kernel, and how to say that it is missing. */
#include <stdio.h>
#include <string.h>

#include <linux/types.h>

#include "probe/choose.h"

static bool is_function(enum attach_how how)
{
	return how != ATTACH_TP_BTF && how != ATTACH_RAW_TP;
}

static bool needs_btf(enum attach_how how)
{
	return how == ATTACH_FENTRY || how == ATTACH_FEXIT;
}

/* Empty: this way is open. */
static void obstacle(char *why, size_t size, const struct probe *p, const struct attachment *a,
		     const struct facts *f)
{
	const char *how = attach_how_names[a->how];
	int allowed = facts_get(f, KF_HOW, how, 0);

	why[0] = 0;
	if (allowed < 0)
		snprintf(why, size, "%s: this kernel does not allow it (%s)", how,
			 strerror(-allowed));
	else if (a->how == ATTACH_TP_BTF && facts_get(f, KF_TP, a->target, -1) < 0)
		snprintf(why, size, "%s: no tracepoint %s in this kernel", how, a->target);
	else if (is_function(a->how) && p->module && !facts_get(f, KF_MODULE, p->module, 0) &&
		 !facts_get(f, KF_SYM, a->target, 0))
		snprintf(why, size, "%s: module %s is not loaded", how, p->module);
	else if (needs_btf(a->how) && p->module && facts_get(f, KF_MODULE, p->module, 0) == 2 &&
		 facts_get(f, KF_HOW, FACT_MODULE_BTF, 0) < 0)
		snprintf(why, size, "%s: takes CAP_SYS_ADMIN in a module", how);
	else if (needs_btf(a->how) && facts_get(f, KF_FUNC, a->target, -1) < 0)
		snprintf(why, size, "%s: no function %s in the kernel's BTF", how, a->target);
	else if (is_function(a->how) && !facts_get(f, KF_SYM, a->target, 0))
		snprintf(why, size, "%s: no symbol %s (inlined or renamed)", how, a->target);
}

static void way_obstacle(char *why, size_t size, const struct choice *c, const struct probe *p,
			 int i, const struct facts *f, unsigned allowed)
{
	const struct attachment *a = &p->attach[i];

	if (!(allowed & 1U << a->how))
		snprintf(why, size, "%s: not asked for", attach_how_names[a->how]);
	else if (c->refused & 1U << i)
		snprintf(why, size, "%s: refused at %s", attach_how_names[a->how], a->target);
	else
		obstacle(why, size, p, a, f);
}

void choose(struct choice *c, const struct probe *p, const struct facts *f, unsigned allowed)
{
	char why[96];
	size_t len = 0;

	c->way = -1;
	c->why[0] = 0;
	c->needless = p->needed && !p->needed(f);
	if (c->needless) {
		snprintf(c->why, sizeof(c->why), "not needed: this kernel tells it in another way");
		return;
	}
	if (c->unwanted) {
		snprintf(c->why, sizeof(c->why), "%s --rules=%s",
			 p->rules == RULES_EXACT ? "only with" : "not with",
			 p->rules == RULES_EXACT ? "exact" : "off");
		return;
	}
	for (int i = 0; p->attach[i].target && c->way < 0; i++) {
		way_obstacle(why, sizeof(why), c, p, i, f, allowed);
		if (!why[0])
			c->way = i;
		else if (len < sizeof(c->why))
			len += snprintf(c->why + len, sizeof(c->why) - len, "%s%s", len ? "; " : "",
					why);
	}
}

void choose_kfeat(struct kfeat *kf, const struct facts *f)
{
	int args = facts_get(f, KF_TP, "kfree_skb", 0);

	kf->kfree_skb_has_reason = args >= 3;
	kf->kfree_skb_has_rx_sk = args >= 4;
	kf->tcp_check_req_args = facts_get(f, KF_FUNC, "tcp_check_req", 0);
	kf->tcp_get_cookie_sock_args = facts_get(f, KF_FUNC, "tcp_get_cookie_sock", 0);
	kf->tcp_add_backlog_args = facts_get(f, KF_FUNC, "tcp_add_backlog", 0);
	kf->tcp_drop_is_traced =
		facts_get(f, KF_ENUM, "SKB_DROP_REASON_TCP_OFO_QUEUE_PRUNE", 0) > 0;
	kf->preempt_disable = facts_get(f, KF_KFUNC, "bpf_preempt_disable", 0);
	kf->preempt_enable = facts_get(f, KF_KFUNC, "bpf_preempt_enable", 0);
	kf->rdonly_cast = facts_get(f, KF_KFUNC, "bpf_rdonly_cast", 0);
	kf->number_type = kf->rdonly_cast ? facts_get(f, KF_STRUCT, FACT_NUMBER, 0) : 0;
	kf->reason_proto_mem = facts_get(f, KF_ENUM, "SKB_DROP_REASON_PROTO_MEM", 0);
	if (facts_get(f, KF_TP, "udp_fail_queue_rcv_skb", 0) < 3)
		kf->reason_datagram_full =
			facts_get(f, KF_ENUM, "SKB_DROP_REASON_SOCKET_RCVBUFF", 0);
	kf->reason_ofo_pruned = facts_get(f, KF_ENUM, "SKB_DROP_REASON_TCP_OFO_QUEUE_PRUNE", 0);
	kf->reason_end_sequence =
		facts_get(f, KF_ENUM, "SKB_DROP_REASON_TCP_INVALID_END_SEQUENCE", 0);
	if (facts_get(f, KF_ENUM, "LINUX_MIB_BEYOND_WINDOW", 0))
		kf->reason_over_window = facts_get(f, KF_ENUM, "SKB_DROP_REASON_TCP_OVERWINDOW", 0);
	kf->mib_out_no_routes = facts_get(f, KF_ENUM, "IPSTATS_MIB_OUTNOROUTES", 0);
	/* the dots count as a parameter */
	kf->ct_log_has_state = facts_get(f, KF_FUNC, "nf_ct_l4proto_log_invalid", 0) >= 5;
	kf->inet_check_established_args = facts_get(f, KF_FUNC, "__inet_check_established", 0);
	kf->mib_listen_overflows = facts_get(f, KF_ENUM, "LINUX_MIB_LISTENOVERFLOWS", 0);
	kf->mib_listen_drops = facts_get(f, KF_ENUM, "LINUX_MIB_LISTENDROPS", 0);
	kf->mib_req_full_drop = facts_get(f, KF_ENUM, "LINUX_MIB_TCPREQQFULLDROP", 0);
	kf->mib_req_full_cookies = facts_get(f, KF_ENUM, "LINUX_MIB_TCPREQQFULLDOCOOKIES", 0);
	kf->reason_too_big = facts_get(f, KF_ENUM, "SKB_DROP_REASON_PKT_TOO_BIG", 0);
	kf->reason_rpfilter = facts_get(f, KF_ENUM, "SKB_DROP_REASON_IP_RPFILTER", 0);
	kf->reason_no_neighbour = facts_get(f, KF_ENUM, "SKB_DROP_REASON_NEIGH_CREATEFAIL", 0);
	kf->neigh_queue_limit = facts_get(f, KF_ENUM, "NEIGH_VAR_QUEUE_LEN_BYTES", 0);
}
