/* SPDX-License-Identifier: MIT */
/* Connecting and waiting, with an end to it. */
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "policy/target.h"
#include "sys/compiler.h"

/* How long something may take, and the signals that end it earlier. */
struct patience {
	int64_t until; /* ms of CLOCK_MONOTONIC */
	int signals;   /* signalfd(2); -1: there is none */
	int came;      /* the signal that ended it; 0: none did */
};

/* What ends a tool. */
extern const uint64_t patience_signals;

/* From now on, ms milliseconds, or until a signal of the set comes. Signals must be blocked.
 * patience_end() closes the descriptor. */
void patience_begin(struct patience *p, int64_t ms, uint64_t signals);
void patience_end(struct patience *p);

/* Leaves at most ms milliseconds from now on. */
void patience_shorten(struct patience *p, int64_t ms);
bool patience_is_over(const struct patience *p);

/*
 * Waits for events of fd (-1: of none), at most ms milliseconds (-1: as long as there is patience).
 * Returns 0 when they came, -ETIMEDOUT, -ECANCELED when a signal did, or -errno.
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

/* Of what it holds, as connect(2) wants it. */
socklen_t address_size(const union address *a);

/* Returns a connected descriptor, which does not block, or -errno as patience_wait() has it. */
int connect_to(const union address *to, struct patience *p) must_check;

/* The same for the path of a socket. */
int connect_unix(const char *path, struct patience *p) must_check;
