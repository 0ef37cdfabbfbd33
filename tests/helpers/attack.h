/* SPDX-License-Identifier: MIT */
/* What the parts of the attacker share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define length_of(a) (sizeof(a) / sizeof((a)[0]))

/* The ways into the kernel. */
enum way {
	NATIVE,
	HIGH_BITS, /* native, with a bit in the process id's upper half, which the kernel drops */
	INT80,     /* i386's, from an amd64 process */
	X32,
	WAYS,
};

struct attempt {
	const char *name;
	/* Whether it succeeded. By bare system calls alone: it may run before the C library does.
	 */
	bool (*won)(enum way way, const char *text, long what);
	const char *text;
	long what;
	bool all_ways;
};

/* A list that ends with a NULL name. Those that a race may win stand first in the first. */
extern const struct attempt reading_attempts[];
extern const struct attempt changing_attempts[];

/* The system call itself: -errno when it fails. Needs nothing of the C library on x86-64. */
long raw(long number, long a, long b, long c, long d, long e);
/* By another way: i386's numbers are the caller's business; pointers must be to static data. */
long raw_int80(long number, long a, long b, long c, long d, long e);

/* How a `text` ends here: the pointer as the number that a register takes. */
#define address(p) ((long)(p))
