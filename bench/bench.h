/* What the benchmark programs share. They are measuring tools: any surprise ends them at once. */
#ifndef BENCH_H
#define BENCH_H

#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

extern const char *const tool;

/* Where complaints go; a tool that gives descriptor 2 to the commands it runs keeps its own
 * elsewhere. */
static int complaints = STDERR_FILENO;

__attribute__((noreturn, format(printf, 1, 2))) static inline void die(const char *fmt, ...)
{
	int err = errno;
	va_list ap;

	dprintf(complaints, "%s: ", tool);
	va_start(ap, fmt);
	vdprintf(complaints, fmt, ap);
	va_end(ap);
	if (err)
		dprintf(complaints, ": %s", strerror(err));
	dprintf(complaints, "\n");
	exit(EXIT_FAILURE);
}

/* For what the user got wrong: errno has no part in it. */
#define die_usage(...)                                                                             \
	do {                                                                                       \
		errno = 0;                                                                         \
		die(__VA_ARGS__);                                                                  \
	} while (0)

static inline int64_t clock_ns(clockid_t clock)
{
	struct timespec ts;

	if (clock_gettime(clock, &ts) < 0)
		die("clock_gettime");
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static inline unsigned int parse_number(const char *what, const char *text)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || end == text || *end || value > 100000000)
		die_usage("%s: '%s' is no number from 0 to 100000000", what, text);
	return (unsigned int)value;
}

/* Children inherit it, so that init and program share the CPU: no migration, no second core's sleep
 * state. */
static inline void pin_to(unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) < 0)
		die("cannot pin to CPU %u (is there one of that number?)", cpu);
}

static inline int compare_samples(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Sorts. Linear interpolation would feign a precision that a timer interrupt more or less takes
 * away. */
static inline int64_t median(int64_t *samples, size_t n)
{
	qsort(samples, n, sizeof(*samples), compare_samples);
	return samples[n / 2];
}

#endif
