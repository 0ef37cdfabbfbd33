/* SPDX-License-Identifier: MIT */
/*
 * Connecting and waiting, with a time limit. Nothing here is for process 1 behind the border: it
 * waits.
 */
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "policy/target.h"
#include "sys/compiler.h"

/* How long something may take, and which signals end it earlier. */
struct patience {
	int64_t until; /* ms of CLOCK_MONOTONIC */
	int signals;   /* signalfd(2); -1: there is none */
	int came;      /* the signal that ended it; 0: none did */
};

/* The signals that end a tool. */
extern const uint64_t patience_signals;

/*
 * Starts the clock: ms milliseconds, or until a signal of the set arrives. Signals must be blocked.
 * patience_end() closes the descriptor.
 */
void patience_begin(struct patience *p, int64_t ms, uint64_t signals);
void patience_end(struct patience *p);

/* Leaves at most ms milliseconds from now. */
void patience_shorten(struct patience *p, int64_t ms);
bool patience_is_over(const struct patience *p);

/*
 * Waits for events of fd (-1: none), at most ms milliseconds (-1: as long as there is patience).
 * Returns 0 when there are some, -ETIMEDOUT, -ECANCELED when a signal arrived, or -errno.
 */
int patience_wait(struct patience *p, int fd, short events, int64_t ms) must_check;

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
};

/* A numeric address of either family. Returns 0 or -EINVAL. */
int address_parse(const char *host, uint16_t port, union address *ret) must_check;

/* The size of the address it holds, for connect(2). */
socklen_t address_size(const union address *a);

/*
 * Returns a connected, non-blocking descriptor, the caller's to close, or -errno as patience_wait()
 * does.
 */
int connect_to(const union address *to, struct patience *p) must_check;

/* The same for the path of a socket. */
int connect_unix(const char *path, struct patience *p) must_check;
