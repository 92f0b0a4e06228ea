/* SPDX-License-Identifier: GPL-2.0-only */
/* Which exit code tells of which error. */
#include <errno.h>

#include "cmd/cmd.h"

int exit_code(int err)
{
	if (!err || err == -EPIPE) /* the reader has seen enough */
		return EXIT_DONE;
	if (err == -EPERM || err == -EACCES || err == -ENOTSUP)
		return EXIT_NOT_ALLOWED;
	return EXIT_FAILED;
}
