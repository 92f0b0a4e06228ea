// SPDX-License-Identifier: GPL-2.0-only
/* nftables: the run of a base chain, and the expression in it that says drop. */
#include "lib/common.bpf.h"

#define BLOCK_WORDS 16	/* read at once: aligned, so that they are in one page */
#define SCAN_BLOCKS 33	/* no rule is longer: its length has 12 bits, see DLEN_MASK */
#define RULE_EXPRS  128 /* NFT_RULE_MAXEXPRS */
#define CHAIN_LEFT  64	/* rules from there to the end of its chain */
#define HANDLE_MASK ((1ULL << 42) - 1)
#define DLEN_MASK   0xfff
#define RETURN_REACH                                                                               \
	1024 /* frame of the function that calls nft_do_chain() and holds the nft_pktinfo */

/* unsigned int nft_do_chain(struct nft_pktinfo *pkt, void *priv), priv being the base chain. */
static __always_inline int run_begin(__u64 pkt, __u64 base)
{
	struct nft_runs *runs = this_cpu_runs();
	struct nft_run *run;

	if (!runs)
		return 0;
	runs->last = run_index(pkt);
	run = &runs->run[run_index(pkt)];
	run->number = ++runs->count;
	run->pkt = pkt;
	run->base = base;
	return 0;
}

static __always_inline void leave_end(const struct nft_run *run, struct sk_buff *skb)
{
	struct note *n = note_put(false, skb, NOTE(NOTE_NF_RULE, 0), DETAIL_NF_RULE);

	if (!n)
		return;
	see_run(&n->detail.nf_rule, run);
	see_invalid(n, skb);
	n->note = judge_run(&n->detail.nf_rule, run->base, 0);
	note_let_go(n);
}

/*
 * A run has ended with drop and the packet is still there, for nf_hook_slow() to free; a run that has freed
 * it itself was looked at there. What an expression left is more than what can be said here.
 */
static __always_inline int run_end(const struct nft_run *run, __u32 verdict)
{
	struct sk_buff *skb;

	if ((verdict & 0xff) != NF_DROP || !nf_layout.nft_known)
		return 0;
	hold_cpu();
	skb = (void *)read_u64(run->pkt);
	if (NOTE_KIND(note_left(false, skb)) != NOTE_NF_RULE)
		leave_end(run, skb);
	let_cpu_go();
	return 0;
}

SEC("?fentry/nft_do_chain")
int nft_run__fentry(__u64 *ctx)
{
	return run_begin(ctx[0], ctx[1]);
}

SEC("?fexit/nft_do_chain")
int nft_run__fexit(__u64 *ctx)
{
	struct nft_runs *runs;
	struct nft_run *run;

	if ((ctx[2] & 0xff) != NF_DROP)
		return 0;
	runs = this_cpu_runs();
	if (!runs)
		return 0;
	run = &runs->run[run_index(ctx[0])];
	/* left at once: of a pointer that may be NULL the verifier would lose track */
	if (run->pkt != ctx[0])
		return 0;
	return run_end(run, ctx[2]);
}

SEC("?kprobe/nft_do_chain")
int nft_run__kprobe(struct pt_regs *ctx)
{
	return run_begin(PT_REGS_PARM1(ctx), PT_REGS_PARM2(ctx));
}

SEC("?kretprobe/nft_do_chain")
int nft_run__kretprobe(struct pt_regs *ctx)
{
	__u32 verdict = PT_REGS_RC(ctx);
	struct nft_run *run;

	if ((verdict & 0xff) != NF_DROP)
		return 0;
	run = run_above(PT_REGS_SP(ctx), RETURN_REACH, 0);
	return run ? run_end(run, verdict) : 0;
}

static __always_inline __u64 word_handle(__u64 word)
{
	return word >> nf_layout.rule_handle & HANDLE_MASK;
}

static __always_inline __u64 word_dlen(__u64 word)
{
	return word >> nf_layout.rule_dlen & DLEN_MASK;
}

static __always_inline __u32 expression_size(__u64 expr)
{
	__u32 size = 0;

	bpf_probe_read_kernel(&size, sizeof(size), (void *)copy_u64(expr) + nf_layout.expr_size);
	return size;
}

/*
 * `at`, if one expression after the other leads from behind the word there to `expr`; else 0. A global function, see
 * find_run(): so the verifier does not know what comes back, which it would follow to the end for each place.
 */
__noinline __u64 leads_to(__u64 at, __u64 expr)
{
	__u64 next = at + sizeof(__u64);

	for (int i = 0; i < RULE_EXPRS && next < expr; i++) {
		__u32 size = expression_size(next);

		if (!size)
			return 0;
		next += size;
	}
	return next == expr ? at : 0;
}

/* Its address, if that word of a rule says that the rule ends there, and leads to the expression; else 0. */
static __always_inline __u64 rule_at(__u64 at, __u64 word, __u64 expr, __u64 end)
{
	__u64 left = end - at - sizeof(word) - word_dlen(word);

	/* of this the verifier may know that it is 0, not of what it is made of */
	barrier_var(left);
	if (left)
		return 0;
	left = word_handle(word);
	barrier_var(left);
	return left && !(nf_layout.rule_has_last && word & 1) ? leads_to(at, expr) : 0;
}

/* The first of a block's words that is that of a rule, see rule_of(); else 0. A global function for the same reason. */
__noinline __u64 rule_in(__u64 block, __u64 expr, __u64 end)
{
	__u64 words[BLOCK_WORDS], rule = copy_u64(0), found; /* 0, but the verifier does not know */

	if (bpf_probe_read_kernel(words, sizeof(words), (void *)block))
		return 0;
#pragma clang loop unroll(disable)
	for (int i = BLOCK_WORDS - 1; i >= 0; i--) {
		found = rule_at(block + i * sizeof(*words), words[i], expr, end);
		if (found)
			rule = found;
	}
	return rule;
}

/*
 * Address of the word of the rule that the expression at `expr` ends, or 0. It is the last of struct nft_rule
 * (before 5.17), or all there is of struct nft_rule_dp (since 2c865a8a28a1): its length must lead to where the
 * expression ends. Inside of the rule a pointer may look the same, like that of a counter, but no expression leads
 * from before the rule into it: so the farthest is the one.
 */
__noinline __u64 rule_of(__u64 expr)
{
	__u64 end = expr + expression_size(expr), rule = copy_u64(0), found;
	__u64 block = (expr - sizeof(__u64)) & ~(BLOCK_WORDS * sizeof(__u64) - 1);

	for (int b = 0; b < SCAN_BLOCKS; b++, block -= BLOCK_WORDS * sizeof(__u64)) {
		found = rule_in(block, expr, end);
		if (found)
			rule = found;
	}
	return rule;
}

/* Since 6.4 (e38fbfa972e0) the end of a chain's rules names the chain; else 0. */
__noinline __u64 chain_of(__u64 rule)
{
	if (!nf_layout.last_chain)
		return 0;
	for (int i = 0; i < CHAIN_LEFT; i++) {
		__u64 word = copy_u64(rule);

		if (word & 1)
			return read_u64(rule + nf_layout.last_chain);
		rule += sizeof(word) + word_dlen(word);
	}
	return 0;
}

static __always_inline void see_rule(struct detail_nf_rule *d, __u64 expr)
{
	volatile __u64 *number = &d->rule; /* as_number() of skb.bpf.c: fentry gives a pointer */
	__u64 rule, chain;

	*number = expr;
	rule = rule_of(*number);
	d->rule = rule ? word_handle(copy_u64(rule)) : 0;
	if (!rule)
		return;
	chain = chain_of(rule);
	if (!chain)
		return;
	d->chain_handle = read_u64(chain + nf_layout.chain_handle);
	bpf_probe_read_kernel_str(d->chain, sizeof(d->chain),
				  (void *)read_u64(chain + nf_layout.chain_name));
}

#define MEMO_NS 1000000 /* far shorter than it takes until the memory of a rule is another one's */

static __always_inline bool is_remembered_rule(const struct nft_memo *m, __u64 expr, __u64 base,
					       __u8 pf, __u64 now)
{
	return m->expr == expr && m->base == base && m->rule.pf == pf && now - m->time_ns < MEMO_NS;
}

/* What can be said of a rule's drop takes thousands of instructions to find, so a storm finds it seldom. */
static __always_inline void see_rule_drop(struct nft_memo *m, struct detail_nf_rule *d,
					  const struct nft_run *run, __u64 expr, bool reject)
{
	__u8 pf = pf_of((void *)read_u64(run->pkt + nf_layout.pkt_state));
	bool held = try_hold(&m->busy);
	__u64 now = bpf_ktime_get_ns();

	if (held && is_remembered_rule(m, expr, run->base, pf, now)) {
		*d = m->rule;
		let_go(&m->busy);
		return;
	}
	see_run(d, run);
	d->verdict = NF_BY_RULE;
	d->reject = reject;
	see_rule(d, expr);
	if (held) {
		m->expr = expr;
		m->base = run->base;
		m->time_ns = now;
		m->rule = *d;
	}
	let_go(&m->busy);
}

static __always_inline void leave_rule(struct nft_runs *runs, __u64 expr, __u64 pkt, bool reject)
{
	struct nft_run *run = &runs->run[run_index(pkt)];
	struct sk_buff *skb = (void *)read_u64(pkt);
	struct detail_nf_rule *d;
	struct note *n;

	if (run->pkt != pkt)
		return;
	n = note_put(false, skb, NOTE(NOTE_NF_RULE, 0), DETAIL_NF_RULE);
	if (!n)
		return;
	d = &n->detail.nf_rule;
	see_rule_drop(&runs->memo, d, run, expr, reject);
	see_invalid(n, skb);
	n->note = NOTE(NOTE_NF_RULE, (d->rule ^ run->base >> 6) & 0xffffff);
	note_let_go(n);
}

/* This expression ends its rule with drop: the packet of this run will be freed, whatever comes. */
static __always_inline int rule_drops(__u64 expr, __u64 pkt, bool reject)
{
	struct nft_runs *runs = this_cpu_runs();

	if (!runs || !nf_layout.nft_known)
		return 0;
	hold_cpu();
	leave_rule(runs, expr, pkt, reject);
	let_cpu_go();
	return 0;
}

/* struct nft_immediate_expr behind the operations: what is loaded, and where; register 0 is the verdict. */
struct immediate {
	__u32 code;
	__u32 pad[3];
	__u8 dreg;
	__u8 dlen;
};

static __always_inline int immediate(__u64 expr, __u64 pkt)
{
	struct immediate i;

	if (bpf_probe_read_kernel(&i, sizeof(i), (void *)expr + sizeof(__u64)))
		return 0;
	if (i.dreg || (i.code & 0xff) != NF_DROP)
		return 0;
	return rule_drops(expr, pkt, false);
}

/* void (*eval)(const struct nft_expr *expr, struct nft_regs *regs, const struct nft_pktinfo *pkt) */
SEC("?fentry/nft_immediate_eval")
int nft_immediate__fentry(__u64 *ctx)
{
	/* directly, byte by byte as the type has it: what rules accept passes here too */
	const __u8 *data = (const __u8 *)ctx[0] + sizeof(__u64);

	if (data[offsetof(struct immediate, dreg)] || data[0] != NF_DROP)
		return 0;
	return rule_drops(ctx[0], ctx[2], false);
}

SEC("?kprobe/nft_immediate_eval")
int nft_immediate__kprobe(struct pt_regs *ctx)
{
	return immediate(PT_REGS_PARM1(ctx), PT_REGS_PARM3(ctx));
}

#define REJECT(name)                                                                               \
	SEC("?fentry/nft_reject_" #name "_eval")                                                   \
	int nft_reject_##name##__fentry(__u64 *ctx)                                                \
	{                                                                                          \
		return rule_drops(ctx[0], ctx[2], true);                                           \
	}                                                                                          \
	SEC("?kprobe/nft_reject_" #name "_eval")                                                   \
	int nft_reject_##name##__kprobe(struct pt_regs *ctx)                                       \
	{                                                                                          \
		return rule_drops(PT_REGS_PARM1(ctx), PT_REGS_PARM3(ctx), true);                   \
	}

REJECT(inet)
REJECT(ipv4)
REJECT(ipv6)
REJECT(bridge)

/* Expressions that say drop only sometimes: the verdict is the first word of struct nft_regs. */
static __always_inline int expression_end(__u64 expr, __u64 regs, __u64 pkt)
{
	return is_drop(read_u32(regs)) ? rule_drops(expr, pkt, false) : 0;
}

#define EXPRESSION(name, function)                                                                 \
	SEC("?fexit/" #function)                                                                   \
	int name##__fexit(__u64 *ctx)                                                              \
	{                                                                                          \
		return expression_end(ctx[0], ctx[1], ctx[2]);                                     \
	}                                                                                          \
	SEC("?kprobe/" #function)                                                                  \
	int name##__kprobe(struct pt_regs *ctx)                                                    \
	{                                                                                          \
		frame_save(ctx);                                                                   \
		return 0;                                                                          \
	}                                                                                          \
	SEC("?kretprobe/" #function)                                                               \
	int name##__kretprobe(struct pt_regs *ctx)                                                 \
	{                                                                                          \
		struct frame f;                                                                    \
                                                                                                   \
		if (!frame_take(ctx, &f))                                                          \
			return 0;                                                                  \
		return expression_end(f.args[0], f.args[1], f.args[2]);                            \
	}

EXPRESSION(nft_lookup, nft_lookup_eval)
EXPRESSION(nft_target, nft_target_eval_xt)
