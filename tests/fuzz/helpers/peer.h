/* SPDX-License-Identifier: MIT */
/*
 * The other end of a connection, played by a fuzz target: what net/connect.h and the sockets'
 * system calls do while there is one.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

struct peer {
	/* As send(2) and recv(2): -1 with errno set. */
	ssize_t (*hears)(const void *bytes, size_t size);
	ssize_t (*says)(void *buf, size_t size);
	/* What patience_wait() returns: 0, or -errno when the peer says nothing more. */
	int (*keeps_waiting)(void);
};

/* NULL: the network is the real one again. */
void peer_is(const struct peer *p);
