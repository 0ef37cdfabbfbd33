// SPDX-License-Identifier: MIT
/* Hashes many files, in two processes if there is much to read. */
#include "seal/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "seal/code.h"
#include "seal/escape.h"
#include "seal/tree.h"
#include "sys/clock.h"
#include "sys/sys.h"
#include "sys/text.h"

/* ---- the board */

static size_t board_size(size_t count)
{
	return sizeof(struct hash_board) + count * sizeof(struct hash_task);
}

struct hash_board *hash_board_map(size_t count)
{
	void *b = mmap(NULL, board_size(count), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (b == MAP_FAILED)
		return NULL;
	return b; /* all zero: HASH_NONE */
}

void hash_board_unmap(struct hash_board *b, size_t count)
{
	if (b)
		(void)munmap(b, board_size(count));
}

/* ---- how long it may take */

enum { SLOWEST = 8000 }; /* bytes in a millisecond, of slow storage and a slow processor */

const char hash_out_of_time[] = "the time to read it is over: raise --scan-budget, as in "
				"--scan-budget=10m";

uint64_t hash_stored(const struct sys_statx *st)
{
	uint64_t bytes = st->blocks * 512;

	return (bytes < st->size ? bytes : st->size) / (st->nlink ? st->nlink : 1);
}

int64_t hash_deadline(uint64_t budget_nanoseconds, uint64_t stored)
{
	return clock_ms() + (int64_t)(budget_nanoseconds / 1000000 + stored / SLOWEST);
}

static bool is_out_of_time(const struct hash_work *w)
{
	return w->deadline && clock_ms() > w->deadline;
}

/* ---- one file */

static void tell_progress(struct hash_work *w)
{
	if (w->progress)
		w->progress(w->arg, atomic_load(&w->board->kilobytes), w->bytes);
}

static int read_block(int fd, char *buf)
{
	ssize_t n;

	do
		n = read(fd, buf, HASH_BUF);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : (int)n;
}

/*
 * The digest of the whole file. Returns 0; -ENOEXEC: not a program; -ESTALE: the size has changed;
 * -ETIME.
 */
static int hash_file(struct hash_work *w, int fd, bool whatever, uint64_t size, unsigned char *out)
{
	uint64_t sum = 0;
	struct digest d;
	int n;

	digest_begin(&d);
	while ((n = read_block(fd, w->buf)) > 0) {
		if (sum == 0 && !whatever && !is_program_head(w->buf, (size_t)n, size))
			return -ENOEXEC;
		digest_add(&d, w->buf, (size_t)n);
		sum += (uint64_t)n;
		/* A file that keeps growing must not hold us up. */
		if (sum > size)
			return -ESTALE;
		if (is_out_of_time(w))
			return -ETIME;
		atomic_fetch_add(&w->board->kilobytes, (size_t)n >> 10);
		tell_progress(w);
	}
	digest_end(&d, out);
	return n < 0 ? n : sum == size ? 0 : -ESTALE;
}

static int do_file(struct hash_work *w, size_t i, unsigned char *out)
{
	const struct seal_entry *e = &w->entries[i];
	char path[PATH_MAX];
	cleanup_fd int fd = -1;
	bool whatever;
	int r = unescape(e->path, e->path_len, path, sizeof(path));

	if (r < 0)
		return r;
	whatever = !w->programs_only || may_be_code(e, path, w->words);
	if (!whatever && e->size < 2)
		return -ENOEXEC;
	fd = tree_open(w->root, path);
	if (fd < 0)
		return fd;
	r = hash_file(w, fd, whatever, e->size, out);
	if (r == 0 && i == w->kept)
		w->kept_fd = take_fd(&fd);
	return r;
}

static void do_task(struct hash_work *w, size_t i)
{
	struct hash_task *t = &w->board->tasks[i];
	unsigned char digest[DIGEST_SIZE];
	int r = do_file(w, i, digest);

	if (r == 0)
		memcpy(t->digest, digest, sizeof(digest));
	t->error = r;
	/* Last: a task that says it is done has to be. */
	atomic_store(&t->state, r == 0 ? HASH_DONE : r == -ENOEXEC ? HASH_SKIPPED : HASH_FAILED);
}

static void do_tasks(struct hash_work *w)
{
	size_t i;

	while ((i = atomic_fetch_add(&w->board->next, 1)) < w->count) {
		struct hash_task *t = &w->board->tasks[i];

		if (atomic_load(&t->state) != HASH_TODO)
			continue;
		atomic_store(&t->state, HASH_TAKEN);
		do_task(w, i);
		tell_progress(w);
	}
}

/* ---- two processes */

static bool has_second_core(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 1;
}

/*
 * A process, not a thread: it leaves nothing behind in this one. It has exit signal 0 (clone(2)),
 * so that a later wait for children does not return it. All arguments are 0, so that their
 * order, which differs between architectures, does not matter.
 */
static pid_t start_worker(struct hash_work *w)
{
	pid_t parent = getpid(), pid = (pid_t)syscall(SYS_clone, 0L, 0L, 0L, 0L, 0L);

	if (pid != 0)
		return pid;
	/* The parent may be gone: then the signal will never come. For a child of process 1, the
	 * parent is 1. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 || (pid_t)syscall(SYS_getppid) != parent)
		_exit(1);
	w->progress = NULL;
	do_tasks(w);
	_exit(0);
}

/* Waits for the worker, which may take long; progress goes on. */
static void reap_helper(struct hash_work *w, pid_t pid)
{
	/* __WALL: a child without an exit signal is not waited for otherwise (wait(2)). */
	const int how = w->progress ? __WALL | WNOHANG : __WALL;
	int status;
	pid_t r;

	while ((r = waitpid(pid, &status, how)) == 0 || (r < 0 && errno == EINTR)) {
		if (r < 0)
			continue;
		tell_progress(w);
		(void)poll(NULL, 0, 20);
	}
}

void hash_all(struct hash_work *w)
{
	bool keeps =
		w->kept < w->count && atomic_load(&w->board->tasks[w->kept].state) == HASH_TODO;
	pid_t worker;

	w->kept_fd = -1;
	/* Not left to the worker, whose descriptors are its own. */
	if (keeps)
		atomic_store(&w->board->tasks[w->kept].state, HASH_TAKEN);
	/* Without a worker it only takes longer. */
	worker = w->bytes > SECOND_CORE && has_second_core() ? start_worker(w) : -1;
	if (keeps)
		do_task(w, w->kept);
	do_tasks(w);
	if (worker > 0)
		reap_helper(w, worker);
	for (size_t i = 0; i < w->count; i++) {
		unsigned char state = atomic_load(&w->board->tasks[i].state);

		if (state == HASH_TODO || state == HASH_TAKEN)
			do_task(w, i);
	}
}
