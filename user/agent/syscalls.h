/* SPDX-License-Identifier: GPL-2.0-only */
/* Least privilege: what the agent may ask of the kernel, once all is loaded. */
#ifndef AGENT_SYSCALLS_H
#define AGENT_SYSCALLS_H

/*
 * From now on, and for all threads there are, system calls that no part of the agent makes fail with EPERM, and
 * the kernel logs each (audit, type 1326): nothing is executed, no process or thread made, no memory executable.
 * Where the kernel has no seccomp filters this is a warning, and nothing changes. seccomp(2)
 */
void syscalls_reduce(void);

#endif
