// SPDX-License-Identifier: MIT
/* Standard error, written without depending on its reader. */
#include "sys/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "sys/clock.h"
#include "sys/sys.h"

#ifndef RWF_NOWAIT
#define RWF_NOWAIT 8 /* since 4.14; for pipes since 6.4 */
#endif

enum { PATIENCE_MS = 100 };

static bool is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_mode == b->st_mode;
}

/*
 * O_NONBLOCK belongs to the description, and the inherited one is the program's too. Opened again
 * it is another one (proc_pid_fd(5)); whether it is the same file is asked, for /proc may be
 * anybody's. Returns a descriptor, or -errno where the file is another user's.
 */
static int open_again(const struct stat *st)
{
	cleanup_fd int fd =
		openat(AT_FDCWD, "/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat now;

	if (fd < 0 || fstat(fd, &now) < 0)
		return -errno;
	return is_same_file(st, &now) ? take_fd(&fd) : -ESTALE;
}

void log_open(struct log *l, bool may_own)
{
	struct stat st;
	int fd;

	*l = (struct log){.fd = STDERR_FILENO, .way = LOG_PLAIN, .patience = PATIENCE_MS};
	if (fstat(STDERR_FILENO, &st) < 0 || S_ISREG(st.st_mode))
		return;
	if (S_ISSOCK(st.st_mode)) {
		l->way = LOG_SOCKET;
		return;
	}
	l->way = LOG_NOWAIT;
	fd = may_own ? open_again(&st) : -1;
	if (fd < 0)
		return;
	l->fd = fd;
	l->way = LOG_OWN;
}

void log_stop_waiting(struct log *l)
{
	l->patience = 0;
}

/*
 * By way of a pipe of granit's own: splice(2) can be asked not to wait, on kernels too where
 * write(2) to a pipe cannot. n is at most PIPE_BUF, which an empty pipe takes.
 */
static ssize_t splice_to(int fd, const char *s, size_t n)
{
	int ends[2];
	ssize_t r = -1;
	int error;

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return -1;
	if (write(ends[1], s, n) == (ssize_t)n)
		r = splice(ends[0], NULL, fd, NULL, n, SPLICE_F_NONBLOCK);
	error = errno;
	(void)close(ends[0]);
	(void)close(ends[1]);
	errno = error;
	return r;
}

static ssize_t write_nowait(int fd, const char *s, size_t n)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	struct iovec part = {.iov_len = n};
	ssize_t r;

	memcpy(&part.iov_base, &s, sizeof(s)); /* it is only read */
	/* At the description's own offset, -1 in two halves. */
	r = syscall(SYS_pwritev2, fd, &part, 1, -1L, -1L, RWF_NOWAIT);
	if (r >= 0 || (errno != EOPNOTSUPP && errno != ENOSYS))
		return r;
	r = splice_to(fd, s, n);
	if (r >= 0 || errno != EINVAL)
		return r;
	/* No pipe: a terminal of somebody else's, which takes a line where it says that it can. */
	if (poll(&p, 1, 0) == 1)
		return write(fd, s, n);
	errno = EAGAIN;
	return -1;
}

static ssize_t write_once(const struct log *l, const char *s, size_t n)
{
	if (l->way == LOG_SOCKET)
		return send(l->fd, s, n, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (l->way == LOG_NOWAIT)
		return write_nowait(l->fd, s, n);
	return write(l->fd, s, n);
}

/* Waits for the reader as long as there is patience; false: there is none left. */
static bool wait_for_reader(struct log *l)
{
	struct pollfd p = {.fd = l->fd, .events = POLLOUT};
	int64_t from;
	int n;

	if (l->patience <= 0)
		return false; /* and errno is EAGAIN still */
	from = clock_ms();
	n = poll(&p, 1, l->patience);
	l->patience -= (int)(clock_ms() - from);
	errno = EAGAIN;
	return n > 0 || l->patience > 0;
}

/* What a pipe takes whole or not at all (pipe(7)), in whole lines where they are no longer: the
 * program writes there too. */
static size_t next_part(const char *s, size_t n)
{
	const char *newline;

	if (n <= PIPE_BUF)
		return n;
	newline = memrchr(s, '\n', PIPE_BUF);
	return newline ? (size_t)(newline - s) + 1 : PIPE_BUF;
}

/* Says in *ret_done how much of it was written. Returns 0 or -errno. */
static int write_all(struct log *l, const char *s, size_t n, size_t *ret_done)
{
	for (*ret_done = 0; *ret_done < n;) {
		const char *from = s + *ret_done;
		ssize_t r = write_once(l, from, next_part(from, n - *ret_done));

		if (r > 0)
			*ret_done += (size_t)r;
		else if (r == 0)
			return -EIO;
		else if (errno != EINTR && (errno != EAGAIN || !wait_for_reader(l)))
			return -errno;
	}
	return 0;
}

static int say_what_was_dropped(struct log *l)
{
	char buf[96];
	struct text t;
	size_t done;

	text_init(&t, buf, sizeof(buf));
	/* Without printf(3): process 1 writes this too. */
	text_add_string(&t, l->cut ? "\ngranit: " : "granit: ");
	text_add_number(&t, l->dropped);
	text_add_string(&t, l->dropped == 1 ? " line was" : " lines were");
	text_add_string(&t, " dropped: standard error was not read\n");
	return write_all(l, t.buf, t.len, &done);
}

static unsigned int lines_in(const char *s, size_t n)
{
	const char *end = s + n, *newline;
	unsigned int lines = 0;

	for (; s < end && (newline = memchr(s, '\n', (size_t)(end - s))); s = newline + 1)
		lines++;
	return lines;
}

int log_write(struct log *l, const struct text *lines)
{
	size_t done = 0;
	int r = l->dropped ? say_what_was_dropped(l) : 0;

	if (r == 0) {
		l->dropped = 0;
		l->cut = false;
		r = write_all(l, lines->buf, lines->len, &done);
	}
	l->dropped += lines_in(lines->buf + done, lines->len - done);
	l->cut |= done > 0 && lines->buf[done - 1] != '\n';
	return r;
}
