/*
 * Time from a signal sent to the init until the program's handler for it runs.
 *
 *	latency [-n SIGNALS]	(started by the init to measure, which has to be its parent)
 *
 * The program itself is the sender, so that no third process's wake-up is in the figure. Prints
 * the p50 in ns.
 */
#include <errno.h>
#include <signal.h>

#include "bench.h"

const char *const tool = "latency";

static volatile sig_atomic_t arrived;
static int64_t arrival;

static void note_arrival(int sig)
{
	(void)sig;
	arrival = clock_ns(CLOCK_MONOTONIC);
	arrived = 1;
}

int main(int argc, char **argv)
{
	struct sigaction sa = {.sa_handler = note_arrival};
	struct timespec settle = {.tv_nsec = 100000000};
	unsigned int count = 20000;
	sigset_t blocked, open_mask;
	int64_t *samples;
	pid_t init = getppid();
	int opt;

	while ((opt = getopt(argc, argv, "+n:")) != -1) {
		if (opt != 'n')
			return EXIT_FAILURE;
		count = parse_number("-n", optarg);
	}
	samples = calloc(count, sizeof(*samples));
	if (!samples || count == 0)
		die_usage("no room for %u samples", count);

	/* Open only while waiting: one that came before sigsuspend would be waited for in vain. */
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigaction(SIGUSR1, &sa, NULL);
	sigprocmask(SIG_BLOCK, &blocked, &open_mask);
	sigdelset(&open_mask, SIGUSR1);

	/* The init may still be on its way from spawning into its loop. */
	nanosleep(&settle, NULL);
	for (unsigned int i = 0; i < count; i++) {
		int64_t start = clock_ns(CLOCK_MONOTONIC);

		arrived = 0;
		if (kill(init, SIGUSR1) < 0)
			die("cannot signal the init, pid %d", (int)init);
		while (!arrived)
			sigsuspend(&open_mask);
		samples[i] = arrival - start;
	}
	printf("%lld\n", (long long)median(samples, count));
	return EXIT_SUCCESS;
}
