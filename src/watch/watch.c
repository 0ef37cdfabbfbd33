// SPDX-License-Identifier: MIT
/* --watch, in process 1: when somebody looks, and what becomes of him. */
#include "watch/watch.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	LOOK_EVERY_MS = 1000,  /* at most */
	LOOK_TAKES_MS = 10000, /* at most: a CPU limit makes seconds of milliseconds */
	PAUSE_MOST_MS = 30000,
	BLIND_MOST_MS = 60000, /* under --watch=terminate */
};

int watch_begin(struct watch *w, const struct policy *p, const struct posture *s)
{
	struct look_row *first;
	int count = rest_begin(&w->rest, p, s->seal.lazy);

	if (count < 0)
		return count;
	w->mounts = s->mounts_fd;
	w->events = s->events_fd;
	if (w->events < -1)
		return w->events;
	if (w->mounts < 0 || !look_is_of_use(p)) {
		close_fd(&w->mounts);
		close_fd(&w->events);
		w->mounts = w->events = -1;
		return 0;
	}
	w->page = mmap(NULL, sizeof(*w->page), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (w->page == MAP_FAILED)
		return -errno;
	w->answer = 1;
	first = s->mounts.count <= WATCH_FEW ? w->few : w->page->rows[0];
	count = look_remember(&s->mounts, first);
	if (count < 0)
		return count;
	w->known = first;
	w->known_count = (size_t)count;
	w->root = s->root.has_mount_id ? s->root.mount_id : 0;
	return 0;
}

void watch_changed(struct watch *w, int64_t now)
{
	w->due = true;
	if (!w->waiting)
		w->waiting = now;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a && (!b || a < b) ? a : b;
}

int64_t watch_next(const struct watch *w, enum watching mode)
{
	int64_t next = 0;

	if (w->looker)
		next = w->looking + LOOK_TAKES_MS;
	else if (w->due)
		next = w->next ? w->next : 1;
	if (mode == WATCH_TERMINATE && w->waiting)
		next = sooner(next, w->waiting + BLIND_MOST_MS);
	return sooner(next, rest_next(&w->rest, mode));
}

/* ---- when it does not work */

static void try_again_later(struct watch *w, int64_t now)
{
	w->pause = w->pause ? w->pause * 2 : LOOK_EVERY_MS;
	if (w->pause > PAUSE_MOST_MS)
		w->pause = PAUSE_MOST_MS;
	w->next = now + w->pause;
	w->due = true;
}

/* Without printf(3), and never with more than the buffer has room for. */
static void say_why_not(const struct watch *w, struct log *log, const char *why, size_t len)
{
	enum { WHY_MOST = 120 };
	char buf[256];
	struct text t;

	text_init(&t, buf, sizeof(buf));
	text_add_string(&t, "granit: the mount table has changed, and cannot be read: ");
	text_add_bytes(&t, why, len < WHY_MOST ? len : WHY_MOST);
	text_add_string(&t, "; trying again in ");
	text_add_number(&t, (uint64_t)(w->pause / 1000));
	text_add_string(&t, " s\n");
	(void)log_write(log, &t);
}

static void fail_to_look(struct watch *w, struct log *log, const char *why, int64_t now)
{
	try_again_later(w, now);
	say_why_not(w, log, why, strlen(why));
}

/* ---- lookers */

static void start_looker(struct watch *w, const struct policy *p, struct log *log, int64_t now)
{
	struct look_request q = {.policy = p,
				 .page = w->page,
				 .known = w->known,
				 .known_count = w->known_count,
				 .answer = w->answer,
				 .root = w->root};
	pid_t pid;

	for (size_t i = 0; i < LOOK_STUCK_MOST; i++)
		if (w->stuck[i].row)
			q.leave_out[q.leave_out_count++] = w->stuck[i].row;
	w->page->state = LOOK_NOTHING;
	w->page->failed = w->page->count = w->page->text_len = 0;
	w->page->touching = 0;
	pid = _Fork();
	if (pid == 0)
		look(&q);
	if (pid < 0) {
		fail_to_look(w, log,
			     errno == EAGAIN
				     ? "cannot create a process (is the pids limit reached?)"
				     : "not enough memory for a process",
			     now);
		return;
	}
	w->looker = pid;
	w->looking = now;
	w->next = now + LOOK_EVERY_MS;
	w->due = false;
}

/* Killed; where it waits for a file system that does not answer, that takes until that one does. */
static void give_looker_up(struct watch *w, struct log *log, int64_t now)
{
	size_t i = 0;

	(void)kill(w->looker, SIGKILL);
	while (i < LOOK_STUCK_MOST && (w->stuck[i].row || w->stuck[i].looker))
		i++;
	if (i < LOOK_STUCK_MOST) {
		w->stuck[i] = (struct watch_stuck){w->page->touching, w->looker};
		w->looker = 0;
	}
	/* Else it is waited for: there will be no more of its kind. */
	w->looking = now;
	fail_to_look(w, log, "the process that looks does not answer; a filesystem may hang", now);
}

/* A row is tried again when its looker could be killed at least. */
static void forget_stuck(struct watch *w)
{
	for (size_t i = 0; i < LOOK_STUCK_MOST; i++)
		if (!w->stuck[i].looker)
			w->stuck[i].row = 0;
}

/* Returns whether it found something that refuses. */
static bool take_answer(struct watch *w, struct log *log, int64_t now)
{
	const struct look_page *page = w->page;
	const uint32_t state = page->state, count = page->count, len = page->text_len;
	struct text text = {.buf = w->page->text, .size = LOOK_TEXT, .len = len};
	bool is_answer = (state == LOOK_DONE || state == LOOK_PART) && count <= LOOK_ROWS;

	if (len >= LOOK_TEXT || (!is_answer && !len)) {
		fail_to_look(w, log, "the process that looks was stopped or killed", now);
		return false;
	}
	if (!is_answer) {
		try_again_later(w, now);
		say_why_not(w, log, text.buf, len);
		return false;
	}
	if (state == LOOK_DONE)
		w->waiting = w->due ? now : 0;
	else
		forget_stuck(w);
	if (len && log_write(log, &text) == -EAGAIN) {
		/* It is judged again, and said, when somebody reads. */
		try_again_later(w, now);
		return page->failed != 0;
	}
	w->known = page->rows[w->answer];
	w->known_count = count;
	w->answer = !w->answer;
	if (state == LOOK_DONE)
		w->pause = 0;
	else
		try_again_later(w, now);
	return page->failed != 0;
}

bool watch_collect(struct watch *w, struct log *log, pid_t pid, int64_t now, bool *ret_failed)
{
	for (size_t i = 0; i < LOOK_STUCK_MOST; i++) {
		if (w->stuck[i].looker != pid)
			continue;
		w->stuck[i].looker = 0;
		return true;
	}
	if (pid != w->looker)
		return rest_collect(&w->rest, log, pid, now, ret_failed);
	w->looker = 0;
	if (take_answer(w, log, now))
		*ret_failed = true;
	return true;
}

bool watch_run(struct watch *w, const struct policy *p, struct log *log, int64_t now)
{
	if (w->looker && now >= w->looking + LOOK_TAKES_MS)
		give_looker_up(w, log, now);
	if (!w->looker && w->due && now >= w->next)
		start_looker(w, p, log, now);
	return p->watch == WATCH_TERMINATE && w->waiting && now >= w->waiting + BLIND_MOST_MS;
}

void watch_forgive(struct watch *w, int64_t ms)
{
	rest_forgive(&w->rest, ms);
	if (w->waiting)
		w->waiting += ms;
	w->looking += ms;
}

void watch_stop(struct watch *w, const struct policy *p, struct log *log)
{
	rest_stop(&w->rest, p, log);
	if (w->looker)
		(void)kill(w->looker, SIGKILL);
	w->due = false;
	w->waiting = 0;
}

bool watch_is_looker(const struct watch *w, pid_t pid)
{
	if (pid == w->looker || pid == w->rest.worker)
		return true;
	for (size_t i = 0; i < LOOK_STUCK_MOST; i++)
		if (w->stuck[i].looker == pid)
			return true;
	return false;
}
