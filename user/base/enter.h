/* SPDX-License-Identifier: GPL-2.0-only */
/* Going into a network namespace and back. */
#ifndef BASE_ENTER_H
#define BASE_ENTER_H

/*
 * Let this thread be in the namespace that `netns_fd` stands for, and after it in its own again, that of
 * `home_fd`. 0 or -errno: setns(2) takes CAP_SYS_ADMIN; where both are one namespace nothing is asked for.
 */
int enter_netns(int netns_fd, int home_fd);
int leave_netns(int netns_fd, int home_fd);

#endif
