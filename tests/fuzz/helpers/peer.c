// SPDX-License-Identifier: MIT
/* A peer in place of the network: the linker leads the calls here (--wrap). */
#include "peer.h"

#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "net/connect.h"

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker's names */

int __real_socket(int domain, int type, int protocol);
int __wrap_socket(int domain, int type, int protocol);
int __real_connect(int fd, const struct sockaddr *to, socklen_t size);
int __wrap_connect(int fd, const struct sockaddr *to, socklen_t size);
ssize_t __real_send(int fd, const void *buf, size_t size, int flags);
ssize_t __wrap_send(int fd, const void *buf, size_t size, int flags);
ssize_t __real_recv(int fd, void *buf, size_t size, int flags);
ssize_t __wrap_recv(int fd, void *buf, size_t size, int flags);
ssize_t __real_getrandom(void *buf, size_t size, unsigned int flags);
ssize_t __wrap_getrandom(void *buf, size_t size, unsigned int flags);
int __real_patience_wait(struct patience *p, int fd, short events, int64_t ms);
int __wrap_patience_wait(struct patience *p, int fd, short events, int64_t ms);
bool __real_patience_is_over(const struct patience *p);
bool __wrap_patience_is_over(const struct patience *p);

static const struct peer *peer;

void peer_is(const struct peer *p)
{
	peer = p;
}

/* Something to close. */
int __wrap_socket(int domain, int type, int protocol)
{
	return peer ? fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
		    : __real_socket(domain, type, protocol);
}

int __wrap_connect(int fd, const struct sockaddr *to, socklen_t size)
{
	return peer ? 0 : __real_connect(fd, to, size);
}

ssize_t __wrap_send(int fd, const void *buf, size_t size, int flags)
{
	return peer ? peer->hears(buf, size) : __real_send(fd, buf, size, flags);
}

ssize_t __wrap_recv(int fd, void *buf, size_t size, int flags)
{
	return peer ? peer->says(buf, size) : __real_recv(fd, buf, size, flags);
}

/* An input has to mean the same each time. */
ssize_t __wrap_getrandom(void *buf, size_t size, unsigned int flags)
{
	if (!peer)
		return __real_getrandom(buf, size, flags);
	memset(buf, 'g', size);
	return (ssize_t)size;
}

int __wrap_patience_wait(struct patience *p, int fd, short events, int64_t ms)
{
	return peer ? peer->keeps_waiting() : __real_patience_wait(p, fd, events, ms);
}

bool __wrap_patience_is_over(const struct patience *p)
{
	return peer ? false : __real_patience_is_over(p);
}

/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
