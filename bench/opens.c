/*
 * What opening a file costs the program that runs it: to read (with a read), and to write.
 *
 *	opens
 *
 * One line: ns of opening, reading and closing, ns of opening to write and closing.
 */
#include <fcntl.h>
#include <stdbool.h>

#include "bench.h"

const char *const tool = "opens";

enum { ROUNDS = 2000, BATCH = 5 };

static const char file[] = "/dev/opened";

static void open_once(int flags)
{
	char byte;
	int fd = open(file, flags | O_CLOEXEC);

	if (fd < 0)
		die("cannot open %s", file);
	if (flags == O_RDONLY && read(fd, &byte, 1) < 0)
		die("cannot read %s", file);
	close(fd);
}

/* Batches: a clock's own time must not show. */
static int64_t measure(int flags)
{
	static int64_t samples[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		int64_t start = clock_ns(CLOCK_MONOTONIC);

		for (int n = 0; n < BATCH; n++)
			open_once(flags);
		samples[i] = (clock_ns(CLOCK_MONOTONIC) - start) / BATCH;
	}
	return median(samples, ROUNDS);
}

int main(void)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, "x", 1) != 1)
		die("cannot make %s", file);
	close(fd);
	measure(O_RDONLY);
	printf("%lld", (long long)measure(O_RDONLY));
	printf("\t%lld\n", (long long)measure(O_WRONLY));
	return EXIT_SUCCESS;
}
