/* SPDX-License-Identifier: GPL-2.0-only */
/* How a program keeps others of its CPU from running in its middle, where the kernel lets them. */
#ifndef HOLD_BPF_H
#define HOLD_BPF_H

/*
 * A program that the kernel preempts in the middle may go on before one that began later: then desks (desk_lend())
 * are not returned in order, and two have the same. Only kernels that preempt themselves do so, Debian's since 7.
 * Programs with global functions may hold their CPU since the verifier keeps in mind which of those may sleep
 * (can_hold_cpu()). What this cannot change: the kernel preempts at the release, or before the hold, and does
 * not run the program for others of the CPU until it has ended (prog->active); the account counts those.
 */
static void (*const preempt_disable)(void) = (void *)KFUNC_PREEMPT_DISABLE;
static void (*const preempt_enable)(void) = (void *)KFUNC_PREEMPT_ENABLE;

/* To be followed by let_cpu_go() on every way; may be nested. */
static __always_inline void hold_cpu(void)
{
	if (can_hold_cpu())
		preempt_disable();
}

static __always_inline void let_cpu_go(void)
{
	if (can_hold_cpu())
		preempt_enable();
}

#endif
