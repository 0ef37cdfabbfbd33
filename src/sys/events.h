/* SPDX-License-Identifier: MIT */
/* The epoll set that process 1 waits in. Made before the program starts; behind the border it is
 * only waited for. */
#pragma once

#include <errno.h>
#include <sys/epoll.h>

#include "sys/compiler.h"

enum event_source {
	EVENT_SIGNALS,
	EVENT_MOUNTS,
	EVENT_SOURCES,
};

/* A set with nothing in it, closed on exec; or -errno. */
static inline int events_open(void)
{
	int set = epoll_create1(EPOLL_CLOEXEC);

	return set < 0 ? -errno : set;
}

/* Returns 0 or -errno. */
static inline int events_add(int set, int fd, uint32_t events, enum event_source source)
{
	struct epoll_event e = {.events = events, .data.u32 = source};

	return epoll_ctl(set, EPOLL_CTL_ADD, fd, &e) < 0 ? -errno : 0;
}
