// SPDX-License-Identifier: MIT
/* What is verified beside the running program, in process 1: when, and what becomes of it. */
#include "watch/rest.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "posture/posture.h"

enum {
	PAUSE_LEAST_MS = 1000,
	PAUSE_MOST_MS = 30000,
	IDLE_MOST_MS = 10 * 60 * 1000,  /* then it gets a share of its own */
	TAKES_MOST_MS = 60 * 60 * 1000, /* under --watch=terminate */
};

int rest_begin(struct rest *r, const struct policy *p, bool seal_left)
{
	struct rest_page *page;

	r->left = (seal_left ? FACT_SEAL : 0) | (p->scan == SCAN_LAZY ? FACT_PROGRAMS : 0);
	if (!r->left)
		return 0;
	page = mmap(NULL, sizeof(*page), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (page == MAP_FAILED)
		return -errno;
	r->page = page;
	return 0;
}

int64_t rest_next(const struct rest *r, enum watching mode)
{
	int64_t next = 0;

	if (!r->page)
		return 0;
	if (!r->worker)
		return r->next ? r->next : 1;
	if (r->pace == REST_IDLE)
		next = r->began + IDLE_MOST_MS;
	if (mode == WATCH_TERMINATE && (!next || r->began + TAKES_MOST_MS < next))
		next = r->began + TAKES_MOST_MS;
	return next;
}

/* Without printf(3), and never with more than the buffer has room for. */
static void say_not_verified(struct log *log, const char *why, int64_t pause)
{
	char buf[256];
	struct text t;

	text_init(&t, buf, sizeof(buf));
	text_add_string(&t, "granit: not verified yet: ");
	text_add_string(&t, why);
	if (pause) {
		text_add_string(&t, "; trying again in ");
		text_add_number(&t, (uint64_t)(pause / 1000));
		text_add_string(&t, " s");
	}
	text_add_string(&t, "\n");
	(void)log_write(log, &t);
}

static void begin_again_later(struct rest *r, struct log *log, const char *why, int64_t now)
{
	r->pause = r->pause ? r->pause * 2 : PAUSE_LEAST_MS;
	if (r->pause > PAUSE_MOST_MS)
		r->pause = PAUSE_MOST_MS;
	r->next = now + r->pause;
	say_not_verified(log, why, r->pause);
}

static void begin_rest(struct rest *r, const struct policy *p, struct log *log, int64_t now)
{
	pid_t pid;

	r->page->done = r->page->failed = r->page->text_len = 0;
	pid = _Fork();
	if (pid == 0)
		rest_work(p, r);
	if (pid < 0) {
		begin_again_later(r, log,
				  errno == EAGAIN
					  ? "no process can be made (is the limit of pids reached?)"
					  : "there is no memory for a process",
				  now);
		return;
	}
	r->worker = pid;
}

bool rest_run(struct rest *r, const struct policy *p, struct log *log, int64_t now)
{
	if (!r->page)
		return false;
	if (!r->began)
		r->began = now;
	/* An idle process may never run to take another pace itself, and who has no privilege may
	 * not give it one (sched(7)): another one begins again. */
	if (r->pace == REST_IDLE && now >= r->began + IDLE_MOST_MS) {
		r->pace = REST_BATCH;
		r->replaced = r->worker != 0;
		if (r->worker)
			(void)kill(r->worker, SIGKILL);
	}
	if (!r->worker && now >= r->next)
		begin_rest(r, p, log, now);
	if (p->watch != WATCH_TERMINATE || now < r->began + TAKES_MOST_MS)
		return false;
	say_not_verified(log, "it took an hour, and the program is ended (--watch=terminate)", 0);
	return true;
}

void rest_forgive(struct rest *r, int64_t ms)
{
	if (r->began)
		r->began += ms;
}

bool rest_collect(struct rest *r, struct log *log, pid_t pid, int64_t now, bool *ret_failed)
{
	const struct rest_page *page = r->page;
	const uint32_t len = page ? page->text_len : 0;
	struct text text;

	if (!page || pid != r->worker)
		return false;
	r->worker = 0;
	if (!page->done || len >= REST_TEXT) {
		if (!r->replaced)
			begin_again_later(r, log, "the process that verifies was stopped or killed",
					  now);
		r->replaced = false;
		return true;
	}
	*ret_failed |= page->failed != 0;
	text = (struct text){.buf = r->page->text, .size = REST_TEXT, .len = len};
	(void)log_write(log, &text);
	r->page = NULL; /* it stays mapped, and is not used any more */
	return true;
}

void rest_stop(struct rest *r, const struct policy *p, struct log *log)
{
	if (!r->page)
		return;
	if (r->worker)
		(void)kill(r->worker, SIGKILL);
	if (p->verbosity >= 0)
		say_not_verified(log, "the program has ended first", 0);
	r->page = NULL;
}
