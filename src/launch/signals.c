// SPDX-License-Identifier: MIT
/* Blocks signals at the start and reads them from a signalfd(2). */
#include "launch/signals.h"

#include <errno.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <time.h>
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

void signals_restore(const struct inherited_signals *s)
{
	if (s->chld.sa_handler == SIG_IGN)
		(void)sigaction(SIGCHLD, &s->chld, NULL);
	(void)sys_sigprocmask(SIG_SETMASK, &s->mask, NULL);
}

static void end(int signal)
{
	_exit(EXIT_SIGNAL_BASE + signal);
}

void signals_let_end(const struct inherited_signals *s)
{
	static const int enders[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
	const struct sigaction end_me = {.sa_handler = end};
	struct sigaction now;

	/* The kernel keeps from process 1 what it has no handler for (pid_namespaces(7)). */
	for (size_t i = 0; getpid() == 1 && i < array_length(enders); i++)
		if (sigaction(enders[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL)
			(void)sigaction(enders[i], &end_me, NULL);
	signals_restore(s);
}

int signals_open(void)
{
	return sys_signalfd(all_signals, SFD_CLOEXEC);
}

static size_t wait_without_descriptor(int *ret)
{
	int r;

	while ((r = sys_sigwait(all_signals)) < 0) {
		/* What else than EINTR it might be, turning in circles would make it worse. */
		if (r != -EINTR)
			(void)nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
	}
	ret[0] = r;
	return 1;
}

bool signals_poll(int fd, int other, int timeout, bool *ret_other)
{
	struct pollfd fds[] = {{.fd = fd, .events = POLLIN}, {.fd = other, .events = POLLPRI}};
	enum { LOOK_MS = 100 };
	int n;

	/* Without a descriptor one has to look again and again. */
	if (fd < 0 && (timeout < 0 || timeout > LOOK_MS))
		timeout = LOOK_MS;
	n = poll(fds, array_length(fds), timeout);
	*ret_other = n > 0 && fds[1].revents;
	if (fd < 0)
		return sys_sigpending() != 0;
	/* What poll(2) cannot say, the read that follows finds out. */
	return n < 0 || fds[0].revents;
}

size_t signals_wait(int *fd, int ret[SIGNAL_BATCH])
{
	struct signalfd_siginfo batch[SIGNAL_BATCH];
	size_t count;
	ssize_t n;

	while (*fd >= 0 && (n = read(*fd, batch, sizeof(batch))) < (ssize_t)sizeof(*batch)) {
		if (n < 0 && errno == EINTR)
			continue;
		(void)close(*fd);
		*fd = -1;
	}
	if (*fd < 0)
		return wait_without_descriptor(ret);
	count = (size_t)n / sizeof(*batch);
	for (size_t i = 0; i < count; i++)
		ret[i] = (int)batch[i].ssi_signo;
	return count;
}
