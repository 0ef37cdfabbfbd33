// SPDX-License-Identifier: MIT
#include "supervise/terminal.h"

#include <unistd.h>

int terminal_in_foreground(void)
{
	pid_t group = getpgrp();

	/* ENOTTY: no terminal; ENXIO: its other end is gone; EBADF: nothing is open there. In the
	 * background it is somebody else's, and stays that. */
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (tcgetpgrp(fd) == group)
			return fd;
	return -1;
}

void terminal_give_to_me(int fd)
{
	/* No setsid(2): it would cost the controlling terminal, and the kernel hangs up on whoever
	 * loses it. */
	(void)setpgid(0, 0);
	/* From the background this raises SIGTTOU, unless it is blocked. It fails where the
	 * terminal was taken away meanwhile: then there is nothing to give. */
	if (fd >= 0)
		(void)tcsetpgrp(fd, getpid());
}
