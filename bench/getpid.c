/*
 * What a program's system call costs that has nothing to do with it: getpid(2).
 *
 *	getpid [-n CALLS]	(started by the init to measure)
 *
 * Prints the mean in ps, of the fastest of many parts, and what the kernel does against
 * speculation: /proc/self/status' Speculation_Store_Bypass.
 */
#include <sys/syscall.h>

#include "bench.h"

const char *const tool = "getpid";

enum { PARTS = 500 };

static int64_t time_calls(unsigned int count)
{
	int64_t start = clock_ns(CLOCK_MONOTONIC);

	for (unsigned int i = 0; i < count; i++)
		(void)syscall(SYS_getpid);
	return clock_ns(CLOCK_MONOTONIC) - start;
}

static void print_state(void)
{
	static const char key[] = "Speculation_Store_Bypass:";
	char line[256];
	FILE *f = fopen("/proc/self/status", "re");

	while (f && fgets(line, sizeof(line), f)) {
		if (strncmp(line, key, strlen(key)) != 0)
			continue;
		printf("%s", line + strlen(key) + strspn(line + strlen(key), "\t "));
		return;
	}
	printf("not told\n");
}

int main(int argc, char **argv)
{
	unsigned int count = 2000;
	int64_t best = INT64_MAX;
	int opt;

	while ((opt = getopt(argc, argv, "+n:")) != -1) {
		if (opt != 'n')
			return EXIT_FAILURE;
		count = parse_number("-n", optarg);
	}
	if (count == 0)
		die_usage("nothing to measure");
	for (int i = 0; i < PARTS; i++) {
		int64_t took = time_calls(count);

		if (took < best)
			best = took;
	}
	printf("%lld\t", (long long)(best * 1000 / count));
	print_state();
	return 0;
}
