// SPDX-License-Identifier: MIT
/* Reads the monotonic clock. */
#include "sys/clock.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/*
 * A system call where 64-bit time has one, not the vDSO's: nothing here asks often, and a first
 * look at the vDSO faults three pages in, which --sleep and --probe would pay each time.
 */
int64_t clock_ms(void)
{
	struct timespec t = {0};

#ifdef __LP64__
	(void)syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
#else
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
#endif
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
