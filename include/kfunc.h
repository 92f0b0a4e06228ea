/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel functions that programs call where the kernel has them, by numbers that no helper has. */
#ifndef KFUNC_H
#define KFUNC_H

/*
 * Not externs: libbpf looks for one that this kernel does not have in the types of all modules, which takes
 * CAP_SYS_ADMIN and fails where it may not. So user space puts the function's type id in the place of the
 * number before the load (object.c); where it does not, the call is never reached and cut out. The type is a
 * constant that is put in the same way, 0 where there is none.
 */
#define KFUNC_PREEMPT_DISABLE 0x7fff0001
#define KFUNC_PREEMPT_ENABLE  0x7fff0002
#define KFUNC_PEEK	      0x7fff0003 /* see read.bpf.h */
#define KFUNC_NUMBER_TYPE     0x7fff0004

#endif
