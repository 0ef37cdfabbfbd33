/*
 * Spawn-to-exit time of several commands, in interleaved rounds.
 *
 *	startup [-n ROUNDS] [-w WARMUP] [-c CPU] [-e STATUS] [-d] [-q] -- COMMANDS
 *
 * COMMANDS is NAME PROGRAM [ARG]..., and the next behind a "+".
 * Every command has to exit with 0, or with STATUS: what a verifier says that found something.
 * The first command is the bare program; what the others take longer is their overhead. One line a
 * command, tabs between the fields: name, p50 in ns, overhead in ns, and the overhead within each
 * fifth of the rounds, which shows how far a ratio can be trusted.
 * -q: name, p50 and p90 instead. -d: the page cache is dropped before each start (as root).
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "bench.h"

const char *const tool = "startup";

enum { MAX_COMMANDS = 32, BLOCKS = 5 };

struct command {
	const char *name;
	char **argv;
	int64_t *samples; /* one a round, in the order of the rounds */
};

static struct command commands[MAX_COMMANDS];
static size_t ncommands;
static int other_success;
static bool cold;

static const char *env[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
			    "HOME=/root", "HOSTNAME=bench", NULL};

/* vfork, as the harness's own size must not be copied into the measurement. */
static pid_t spawn(char **argv)
{
	pid_t pid = vfork();

	if (pid < 0)
		die("vfork");
	if (pid == 0) {
		execve(argv[0], argv, (char **)env);
		_exit(127);
	}
	return pid;
}

static bool succeeded(int status)
{
	return WIFEXITED(status) &&
	       (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == other_success);
}

/* Dirty pages cannot be dropped: they are written first. */
static void drop_caches(void)
{
	static const char file[] = "/proc/sys/vm/drop_caches";
	int fd = open(file, O_WRONLY | O_CLOEXEC);

	sync();
	if (fd < 0 || write(fd, "3", 1) != 1)
		die("cannot drop the page cache by %s (root is needed)", file);
	close(fd);
}

static int64_t run_once(char **argv, int *ret_status)
{
	int64_t start;
	pid_t pid;

	if (cold)
		drop_caches();
	start = clock_ns(CLOCK_MONOTONIC);
	pid = spawn(argv);

	while (wait4(pid, ret_status, 0, NULL) < 0)
		if (errno != EINTR)
			die("wait4");
	return clock_ns(CLOCK_MONOTONIC) - start;
}

static void parse_commands(char **argv)
{
	while (*argv) {
		struct command *c = &commands[ncommands];

		if (ncommands == MAX_COMMANDS)
			die_usage("more than %d commands", MAX_COMMANDS);
		c->name = *argv++;
		c->argv = argv;
		while (*argv && strcmp(*argv, "+") != 0)
			argv++;
		if (c->argv == argv)
			die_usage("no command behind the name '%s'", c->name);
		if (*argv)
			*argv++ = NULL;
		ncommands++;
	}
}

/* A command that fails is fast: its figure would look good and mean nothing. */
static void require_success(void)
{
	for (size_t i = 0; i < ncommands; i++) {
		int status;

		run_once(commands[i].argv, &status);
		if (succeeded(status))
			continue;
		/* Once more, aloud: the command knows best what it lacks. */
		dup2(complaints, STDERR_FILENO);
		run_once(commands[i].argv, &status);
		if (WIFSIGNALED(status))
			die_usage("%s was killed by signal %d", commands[i].name, WTERMSIG(status));
		die_usage("%s exited with %d%s", commands[i].name, WEXITSTATUS(status),
			  WEXITSTATUS(status) == 127 ? " (does the program exist in here?)" : "");
	}
}

/* What the commands say goes to /dev/null: to a terminal it would cost more than the init. */
static void silence(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0 ||
	    dup2(null, STDERR_FILENO) < 0)
		die("cannot open /dev/null for the commands' output");
}

/*
 * A new order each round: a big binary cools the caches for whoever follows, and a fixed order,
 * rotated or not, would always hit the same neighbour. The seed is fixed, so that two runs differ
 * by the machine alone.
 */
static void shuffle(size_t *order, size_t n)
{
	static uint32_t state = 2463534242;

	for (size_t i = n; i > 1; i--) {
		size_t j, swap;

		state ^= state << 13;
		state ^= state >> 17;
		state ^= state << 5;
		j = state % i;
		swap = order[i - 1];
		order[i - 1] = order[j];
		order[j] = swap;
	}
}

static void measure(unsigned int warmup, unsigned int rounds)
{
	const size_t n = ncommands;
	size_t order[MAX_COMMANDS];

	for (size_t i = 0; i < n; i++)
		order[i] = i;
	for (unsigned int round = 0; round < warmup + rounds; round++) {
		shuffle(order, n);
		for (size_t i = 0; i < n; i++) {
			struct command *c = &commands[order[i]];
			int status;
			int64_t took = run_once(c->argv, &status);

			if (!succeeded(status))
				die_usage("%s failed in round %u, status %d", c->name, round,
					  status);
			if (round >= warmup)
				c->samples[round - warmup] = took;
		}
	}
}

static void report_quantiles(FILE *out, unsigned int rounds)
{
	for (size_t i = 0; i < ncommands; i++) {
		struct command *c = &commands[i];
		int64_t half = median(c->samples, rounds);

		/* median() has sorted them. */
		fprintf(out, "%s\t%lld\t%lld\n", c->name, (long long)half,
			(long long)c->samples[(size_t)rounds * 9 / 10]);
	}
}

static void report(FILE *out, unsigned int rounds)
{
	int64_t bare_blocks[BLOCKS], bare = 0;
	size_t length = rounds / BLOCKS;

	for (size_t i = 0; i < ncommands; i++) {
		struct command *c = &commands[i];
		int64_t blocks[BLOCKS], all;

		/* First the fifths: the median sorts, which within a fifth does no harm. */
		for (size_t b = 0; b < BLOCKS; b++) {
			blocks[b] = median(c->samples + b * length, length);
			if (i == 0)
				bare_blocks[b] = blocks[b];
		}
		all = median(c->samples, rounds);
		if (i == 0)
			bare = all;
		fprintf(out, "%s\t%lld\t%lld", c->name, (long long)all, (long long)(all - bare));
		for (size_t b = 0; b < BLOCKS; b++)
			fprintf(out, "\t%lld", (long long)(blocks[b] - bare_blocks[b]));
		fputc('\n', out);
	}
}

struct plan {
	unsigned int rounds, warmup;
	bool quantiles;
};

/* Returns the index of the first command's name, or 0. */
static int parse_options(int argc, char **argv, struct plan *ret)
{
	int opt;

	*ret = (struct plan){.rounds = 500, .warmup = 50};
	while ((opt = getopt(argc, argv, "+n:w:c:e:dq")) != -1) {
		switch (opt) {
		case 'n':
			ret->rounds = parse_number("-n", optarg);
			break;
		case 'w':
			ret->warmup = parse_number("-w", optarg);
			break;
		case 'c':
			pin_to(parse_number("-c", optarg));
			break;
		case 'e':
			other_success = (int)parse_number("-e", optarg);
			break;
		case 'd':
			cold = true;
			break;
		case 'q':
			ret->quantiles = true;
			break;
		default:
			return 0;
		}
	}
	return optind;
}

int main(int argc, char **argv)
{
	struct plan plan;
	FILE *out;
	int first, out_fd;

	first = parse_options(argc, argv, &plan);
	if (!first)
		return EXIT_FAILURE;
	parse_commands(argv + first);
	if (ncommands == 0 || plan.rounds < BLOCKS)
		die_usage("usage: startup [-n ROUNDS] [-w WARMUP] [-c CPU] [-e STATUS] [-d] [-q] "
			  "-- NAME COMMAND [ARG]... "
			  "[+ NAME COMMAND [ARG]...]... (%d rounds at least)",
			  BLOCKS);
	for (size_t i = 0; i < ncommands; i++) {
		commands[i].samples = calloc(plan.rounds, sizeof(int64_t));
		if (!commands[i].samples)
			die("no memory for %u samples", plan.rounds);
	}

	/* A verifying init takes an inherited descriptor, the calling shell's too, for a leak. */
	syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC);
	out_fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	complaints = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	out = out_fd < 0 ? NULL : fdopen(out_fd, "w");
	if (!out || complaints < 0)
		return EXIT_FAILURE;
	silence();

	require_success();
	measure(plan.warmup, plan.rounds);
	if (plan.quantiles)
		report_quantiles(out, plan.rounds);
	else
		report(out, plan.rounds);
	return fclose(out) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
