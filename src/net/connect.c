// SPDX-License-Identifier: MIT
/* Connects to TCP and Unix sockets, and waits, with a time limit. */
#include "net/connect.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>

#include "sys/clock.h"
#include "sys/sys.h"
#include "sys/text.h"

const uint64_t patience_signals =
	SIGNAL_BIT(SIGTERM) | SIGNAL_BIT(SIGINT) | SIGNAL_BIT(SIGHUP) | SIGNAL_BIT(SIGQUIT);

void patience_begin(struct patience *p, int64_t ms, uint64_t signals)
{
	p->until = INT64_MAX;
	patience_shorten(p, ms);
	p->came = 0;
	/* Without a descriptor signals are seen when the time is over: late, but not lost. */
	p->signals = sys_signalfd(signals, SFD_CLOEXEC);
}

void patience_shorten(struct patience *p, int64_t ms)
{
	int64_t now = clock_ms();

	if (ms < p->until - now)
		p->until = now + ms;
}

bool patience_is_over(const struct patience *p)
{
	return clock_ms() >= p->until;
}

void patience_end(struct patience *p)
{
	close_fd(&p->signals);
	p->signals = -1;
}

static int signal_came(struct patience *p)
{
	struct signalfd_siginfo info;

	if (read(p->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		p->came = (int)info.ssi_signo;
	return -ECANCELED;
}

int patience_wait(struct patience *p, int fd, short events, int64_t ms)
{
	struct pollfd fds[] = {{.fd = p->signals, .events = POLLIN}, {.fd = fd, .events = events}};
	int64_t now = clock_ms(), end = ms >= 0 && ms < p->until - now ? now + ms : p->until;

	for (;; now = clock_ms()) {
		int64_t left = end > now ? end - now : 0;
		int n = poll(fds, array_length(fds), left > INT_MAX ? INT_MAX : (int)left);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0 && fds[0].revents)
			return signal_came(p);
		if (n > 0)
			return 0;
		if (left == 0)
			return -ETIMEDOUT;
	}
}

int address_parse(const char *host, uint16_t port, union address *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (inet_pton(AF_INET, host, &ret->in.sin_addr) == 1) {
		ret->in.sin_family = AF_INET;
		ret->in.sin_port = htons(port);
		return 0;
	}
	if (inet_pton(AF_INET6, host, &ret->in6.sin6_addr) != 1)
		return -EINVAL;
	ret->in6.sin6_family = AF_INET6;
	ret->in6.sin6_port = htons(port);
	return 0;
}

socklen_t address_size(const union address *a)
{
	switch (a->any.sa_family) {
	case AF_INET:
		return sizeof(a->in);
	case AF_INET6:
		return sizeof(a->in6);
	default:
		return sizeof(a->un);
	}
}

/*
 * A Unix socket whose queue is full answers at once (EAGAIN, connect(2)), where TCP would wait:
 * there is somebody, and he is busy.
 */
static int connect_until_taken(int fd, const union address *to, struct patience *p)
{
	enum { AGAIN_MS = 20 };

	for (;;) {
		int r;

		if (connect(fd, &to->any, address_size(to)) == 0)
			return 0;
		if (errno != EAGAIN)
			return -errno;
		r = patience_wait(p, -1, 0, AGAIN_MS);
		if (r != -ETIMEDOUT || patience_is_over(p))
			return r;
	}
}

int connect_to(const union address *to, struct patience *p)
{
	cleanup_fd int fd =
		socket(to->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int r, error = 0;
	socklen_t len = sizeof(error);

	if (fd < 0)
		return -errno;
	r = connect_until_taken(fd, to, p);
	if (r == 0)
		return take_fd(&fd);
	if (r != -EINPROGRESS)
		return r;
	r = patience_wait(p, fd, POLLOUT, -1);
	if (r < 0)
		return r;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		return -errno;
	return error ? -error : take_fd(&fd);
}

int connect_unix(const char *path, struct patience *p)
{
	union address a = {.un = {.sun_family = AF_UNIX}};

	if (!text_copy(a.un.sun_path, sizeof(a.un.sun_path), path))
		return -ENAMETOOLONG;
	return connect_to(&a, p);
}
