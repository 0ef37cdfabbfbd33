/*
 * Make orphans for the init and time how long it takes to reap them.
 *
 *	reap [-n ORPHANS] [-b BATCH]	(started by the init to measure, which has to be PID 1)
 *
 * Prints two fields: ns from the orphans' death until the last is reaped, summed over the batches,
 * and ns of CPU the init spent meanwhile.
 */
#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "bench.h"

const char *const tool = "reap";

/*
 * The orphans share everything with this program: then their death costs next to nothing, and what
 * is timed is the init. They are processes all the same, each with a pid, a parent and a SIGCHLD.
 */
enum {
	ORPHAN_FLAGS = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | SIGCHLD,
	STACK_SIZE = 4096,
	MAX_BATCH = 4096,
};

static atomic_uint gate;
static atomic_uint waiting;
static pid_t orphans[MAX_BATCH];
static unsigned int batch = 500;
static char *stacks;

/* Bare system calls only: these run beside each other on one thread-local block. */
static int orphan(void *arg)
{
	(void)arg;
	atomic_fetch_add(&waiting, 1);
	while (atomic_load(&gate) == 0)
		syscall(SYS_futex, &gate, FUTEX_WAIT, 0, NULL, NULL, 0);
	syscall(SYS_exit, 0);
	return 0;
}

static int parent(void *arg)
{
	(void)arg;
	for (unsigned int i = 0; i < batch; i++)
		orphans[i] =
			clone(orphan, stacks + (size_t)(i + 1) * STACK_SIZE, ORPHAN_FLAGS, NULL);
	syscall(SYS_exit, 0);
	return 0;
}

static void start_batch(char *parent_stack)
{
	struct timespec pause = {.tv_nsec = 100000};
	pid_t pid;

	atomic_store(&gate, 0);
	atomic_store(&waiting, 0);
	pid = clone(parent, parent_stack + (size_t)STACK_SIZE * 4, ORPHAN_FLAGS, NULL);
	if (pid < 0 || waitpid(pid, NULL, 0) < 0)
		die("cannot start the orphans' parent");
	for (unsigned int i = 0; i < batch; i++)
		if (orphans[i] < 0)
			die_usage("only %u of %u orphans could be made (a limit on processes?)", i,
				  batch);
	while (atomic_load(&waiting) != batch)
		nanosleep(&pause, NULL);
	/* Counted as waiting is a moment before asleep. */
	nanosleep(&pause, NULL);
}

static void await_reaped(void)
{
	struct timespec pause = {.tv_nsec = 20000};

	for (unsigned int i = batch; i-- > 0;)
		while (kill(orphans[i], 0) == 0)
			nanosleep(&pause, NULL);
}

int main(int argc, char **argv)
{
	unsigned int total = 20000;
	int64_t wall = 0, cpu = 0;
	clockid_t init_clock;
	char *parent_stack;
	int opt;

	while ((opt = getopt(argc, argv, "+n:b:")) != -1) {
		switch (opt) {
		case 'n':
			total = parse_number("-n", optarg);
			break;
		case 'b':
			batch = parse_number("-b", optarg);
			break;
		default:
			return EXIT_FAILURE;
		}
	}
	if (batch == 0 || batch > MAX_BATCH || total % batch != 0)
		die_usage("ORPHANS must be a multiple of BATCH, and BATCH 1 to %d", MAX_BATCH);
	if (getppid() != 1)
		die_usage("not started by PID 1: run it as the program of the init to measure");
	if (clock_getcpuclockid(1, &init_clock) != 0)
		die_usage("PID 1 has no CPU clock that can be read");

	stacks = mmap(NULL, (size_t)batch * STACK_SIZE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	parent_stack = mmap(NULL, (size_t)STACK_SIZE * 4, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (stacks == MAP_FAILED || parent_stack == MAP_FAILED)
		die("no memory for the stacks");

	for (unsigned int done = 0; done < total; done += batch) {
		int64_t start, start_cpu;

		start_batch(parent_stack);
		start_cpu = clock_ns(init_clock);
		start = clock_ns(CLOCK_MONOTONIC);
		atomic_store(&gate, 1);
		syscall(SYS_futex, &gate, FUTEX_WAKE, MAX_BATCH, NULL, NULL, 0);
		await_reaped();
		wall += clock_ns(CLOCK_MONOTONIC) - start;
		cpu += clock_ns(init_clock) - start_cpu;
	}
	printf("%lld\t%lld\n", (long long)wall, (long long)cpu);
	return EXIT_SUCCESS;
}
