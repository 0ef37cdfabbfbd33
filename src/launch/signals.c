// SPDX-License-Identifier: MIT
/* The signals of granit's own process: blocked and read, or let through while nothing runs yet. */
#include "launch/signals.h"

#include <errno.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "sys/exit.h"
#include "sys/sys.h"

/*
 * All of them. Those that the kernel raises for a fault of granit's own (SIGSEGV and its kin) kill
 * it all the same, blocked or not (force_sig() in kernel/signal.c); sent by somebody, they are
 * meant for the program like any other.
 */
static const uint64_t all_signals = ~UINT64_C(0);

int signals_block(struct inherited_signals *ret)
{
	const struct sigaction dfl = {.sa_handler = SIG_DFL};

	/* Ignored, as a parent may have left it, children would vanish before they are waited for
	 * (waitpid(2)). */
	if (sigaction(SIGCHLD, &dfl, &ret->chld) < 0)
		return -errno;
	return sys_sigprocmask(SIG_SETMASK, &all_signals, &ret->mask);
}

static void end_granit(int signal)
{
	_exit(EXIT_SIGNAL_BASE + signal);
}

void signals_let_end(void)
{
	static const int enders[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
	/* The kernel keeps from process 1 what it has no handler for (pid_namespaces(7)); execve(2)
	 * takes it away again. Elsewhere none is better: what would end a process ends calls that a
	 * handler does not (a FUSE server that does not answer). */
	const struct sigaction end = {.sa_handler = getpid() == 1 ? end_granit : SIG_DFL};
	struct sigaction old;
	uint64_t open = 0;

	for (size_t i = 0; i < array_length(enders); i++) {
		if (sigaction(enders[i], &end, &old) < 0)
			continue;
		if (old.sa_handler == SIG_IGN)
			(void)sigaction(enders[i], &old, NULL);
		else
			open |= SIGNAL_BIT(enders[i]);
	}
	(void)sys_sigprocmask(SIG_UNBLOCK, &open, NULL);
}

void signals_hold(void)
{
	(void)sys_sigprocmask(SIG_SETMASK, &all_signals, NULL);
}

void signals_drop_own(void)
{
	const uint64_t own = SIGNAL_BIT(SIGPIPE) | SIGNAL_BIT(SIGXFSZ);

	while (sys_sigtimedwait(own, NULL, 0) > 0)
		;
}

void signals_restore(const struct inherited_signals *s)
{
	if (s->chld.sa_handler == SIG_IGN)
		(void)sigaction(SIGCHLD, &s->chld, NULL);
	(void)sys_sigprocmask(SIG_SETMASK, &s->mask, NULL);
}

int signals_open(void)
{
	/* Not to be waited for in read(2), though it was said to be readable: SIGSTOP takes a
	 * pending SIGCONT away. */
	return sys_signalfd(all_signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Raised by granit's own write(2), for a reader that has gone or a limit that is reached. */
static bool is_of_own_writing(uint32_t signal, uint32_t sender)
{
	return (signal == SIGPIPE || signal == SIGXFSZ) && sender == (uint32_t)getpid();
}

size_t signals_read(int fd, int ret[SIGNAL_BATCH])
{
	struct signalfd_siginfo batch[SIGNAL_BATCH];
	ssize_t n = read(fd, batch, sizeof(batch));
	size_t count = 0;

	for (size_t i = 0; n > 0 && i < (size_t)n / sizeof(*batch); i++)
		if (!is_of_own_writing(batch[i].ssi_signo, batch[i].ssi_pid))
			ret[count++] = (int)batch[i].ssi_signo;
	return count;
}

size_t signals_wait(int64_t ms, int ret[SIGNAL_BATCH])
{
	siginfo_t info;
	int signal = sys_sigtimedwait(all_signals, &info, ms);

	if (signal < 0 || is_of_own_writing((uint32_t)signal, (uint32_t)info.si_pid))
		return 0;
	ret[0] = signal;
	return 1;
}
