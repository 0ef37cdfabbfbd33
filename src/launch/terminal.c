// SPDX-License-Identifier: MIT
/* The terminal: which process group has its foreground, and what ^Z stops. */
#include "launch/terminal.h"

#include <signal.h>
#include <unistd.h>

#include "sys/sys.h"

/*
 * The terminal among descriptors 0 to 2 whose foreground is this group, or -1. ENOTTY: no terminal;
 * ENXIO: its other end is gone; EBADF: nothing is open there. In the background it is somebody
 * else's, and stays that.
 */
static int terminal_of(pid_t group)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (tcgetpgrp(fd) == group)
			return fd;
	return -1;
}

int terminal_in_foreground(void)
{
	return terminal_of(getpgrp());
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

/* Its default action, for a moment: all else stays blocked. */
static void stop_myself(int signal)
{
	const uint64_t one = SIGNAL_BIT(signal);

	(void)kill(getpid(), signal);
	(void)sys_sigprocmask(SIG_UNBLOCK, &one, NULL);
	/* Stopped here, until somebody sends SIGCONT. The kernel does not stop process 1, nor whom
	 * no shell could wake (an orphaned process group). */
	(void)sys_sigprocmask(SIG_BLOCK, &one, NULL);
}

void terminal_stop_with(pid_t group, int signal)
{
	int fd = terminal_of(group);

	/* SIGSTOP from outside: the sender has to send SIGCONT, too. */
	if (signal != SIGTSTP && signal != SIGTTIN && signal != SIGTTOU)
		return;
	if (fd >= 0)
		(void)tcsetpgrp(fd, getpgrp());
	stop_myself(signal);
	fd = terminal_in_foreground();
	if (fd >= 0)
		(void)tcsetpgrp(fd, group);
	else if (signal != SIGTSTP && getpid() == 1)
		return; /* it would only stop again, at once and for ever */
	(void)kill(-group, SIGCONT);
}
