/* SPDX-License-Identifier: MIT */
/* Compiler attributes, and descriptors that close themselves at the end of a block. */
#pragma once

#include <stdlib.h>
#include <unistd.h>

#define printf_like(fmt, args) __attribute__((format(printf, fmt, args)))
#define must_check             __attribute__((warn_unused_result))
/* Inlined, what it needs of the stack would be its caller's for as long as that one runs. */
#define own_frame       __attribute__((noinline))
#define array_length(a) (sizeof(a) / sizeof((a)[0]))

/* close(2): after EINTR the descriptor is gone on Linux, so it is never tried twice. */
static inline void close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

/* The descriptor, which the variable no longer closes. */
static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

#define cleanup_fd __attribute__((cleanup(close_fd)))
