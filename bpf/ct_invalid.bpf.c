// SPDX-License-Identifier: GPL-2.0-only
/* Packets that conntrack does not take for part of their connection, and what it would log of them. */
#include "lib/common.bpf.h"

/* Functions with variable arguments take no fentry program (btf_distill_func_proto). */

static __always_inline bool is_format(const char *text)
{
	return text[0] >= ' ' && text[0] < 127 && text[1] >= ' ' && text[1] < 127;
}

/* False for what the second function is told by the first, and for what cannot be read. */
static __always_inline bool see_message(char *text, __u32 size, const char *format,
					const char *value)
{
	if (bpf_probe_read_kernel_str(text, size, format) <= 0)
		return false;
	if (text[0] == '%' && text[1] == 'p' && text[2] == 'V')
		return false;
	if (text[0] == '%' && text[1] == 's' && !text[2] &&
	    bpf_probe_read_kernel_str(text, size, value) <= 0)
		return false;
	if (!is_format(text))
		text[0] = 0;
	return true;
}

/* For the rule that may drop it. */
static __always_inline void keep_invalid(struct invalid_packet *last, struct sk_buff *skb,
					 const struct detail_invalid *why)
{
	__u8 l3[48] __attribute__((aligned(8))) = {};
	__u64 head = (__u64)LOAD(false, skb, head);

	bpf_probe_read_kernel(l3, sizeof(l3), (void *)(head + LOAD(false, skb, network_header)));
	if (try_hold(&last->busy)) {
		last->skb = (__u64)skb;
		last->head = head;
		last->signature = signature_of(l3);
		last->why = *why;
	}
	let_go(&last->busy);
}

/* Both are called whether nf_conntrack_log_invalid is set or not: they look at it themselves. */
static __always_inline int invalid(void *ctx, struct sk_buff *skb, const char *format,
				   const char *value)
{
	struct cpu_state *cpu = this_cpu_state();
	union detail *detail;

	if (!cpu)
		return 0;
	detail = detail_lend(cpu);
	if (see_message(detail->invalid.text, sizeof(detail->invalid.text), format, value)) {
		keep_invalid(&cpu->invalid, skb, &detail->invalid);
		report_packet(ctx, false, EV_NOTICE, skb, NULL, NOTE(NOTE_CT_INVALID, 0),
			      DETAIL_INVALID, detail);
	}
	desk_return(cpu);
	return 0;
}

/* (skb, ct, state, format, ...), before 5.17 without state */
SEC("?kprobe/nf_ct_l4proto_log_invalid")
int ct_invalid__kprobe(struct pt_regs *ctx)
{
	if (kf.ct_log_has_state)
		return invalid(ctx, (void *)PT_REGS_PARM1(ctx), (void *)PT_REGS_PARM4(ctx),
			       (void *)PT_REGS_PARM5(ctx));
	return invalid(ctx, (void *)PT_REGS_PARM1(ctx), (void *)PT_REGS_PARM3(ctx),
		       (void *)PT_REGS_PARM4(ctx));
}

/* (skb, state, protocol, format, ...), before 5.17 (skb, net, family, protocol, format, ...): then the
 * value is the sixth argument. */
SEC("?kprobe/nf_l4proto_log_invalid")
int ct_malformed__kprobe(struct pt_regs *ctx)
{
	if (kf.ct_log_has_state)
		return invalid(ctx, (void *)PT_REGS_PARM1(ctx), (void *)PT_REGS_PARM4(ctx),
			       (void *)PT_REGS_PARM5(ctx));
	return invalid(ctx, (void *)PT_REGS_PARM1(ctx), (void *)PT_REGS_PARM5(ctx),
		       (void *)sixth_argument(ctx));
}
