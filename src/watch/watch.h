/* SPDX-License-Identifier: MIT */
/*
 * --watch: the mount table while the program runs, as process 1 sees to it. What takes looking,
 * judging and memory is done by lookers (look.h). All but watch_begin() and watch_end_of_start()
 * may be called behind the border; times are milliseconds of the monotonic clock.
 */
#pragma once

#include "checks/check.h"
#include "sys/log.h"
#include "watch/look.h"
#include "watch/rest.h"

enum { WATCH_FEW = 32 };

/* A row that a looker did not come back from. */
struct watch_stuck {
	uint64_t row; /* its hash; 0: none */
	pid_t looker; /* that is there still, and cannot be killed; 0: it has gone */
};

/* Lives as long as granit. */
struct watch {
	int mounts; /* /proc/self/mountinfo, in the set of events; -1: nothing is watched */
	int events; /* the epoll set; -1: none */
	struct look_page *page;
	const struct look_row *known; /* what was judged last */
	size_t known_count;
	unsigned int answer; /* the page's table that is free for the next answer */
	uint64_t root;       /* mount id of the root directory */
	bool due;            /* the table has changed, and nobody looks yet */
	pid_t looker;        /* the process that looks; 0: none */
	int64_t looking;     /* since when */
	int64_t waiting; /* since when there is a change without a completed look; 0: there is none
			  */
	int64_t next;    /* not before then, the next one looks */
	int64_t pause;   /* before it is tried again */
	struct watch_stuck stuck[LOOK_STUCK_MOST];
	struct rest rest;
	/* The first table, if it is as short as they are: no page is touched before somebody looks.
	 */
	struct look_row few[WATCH_FEW];
};

/*
 * Remembers the table that was judged, and takes over the posture's descriptors. Returns 0; or
 * -errno, and there is no watch.
 */
int watch_begin(struct watch *w, const struct policy *p, const struct posture *s) must_check;

/* The table has changed. */
void watch_changed(struct watch *w, int64_t now);

/* When there is something to be done next; 0: not before something happens. */
int64_t watch_next(const struct watch *w, enum watching mode);

/* Does what is due. Returns whether the program has to end, since nobody could look. */
bool watch_run(struct watch *w, const struct policy *p, struct log *log, int64_t now);

/* Time in which nobody could do anything: nobody is to blame for it. */
void watch_forgive(struct watch *w, int64_t ms);

/*
 * The child has ended. Returns whether it was a looker; *ret_failed: it found something that a
 * check at level fail refuses.
 */
bool watch_collect(struct watch *w, struct log *log, pid_t pid, int64_t now, bool *ret_failed);

/* The container ends: nobody looks any more. */
void watch_stop(struct watch *w, const struct policy *p, struct log *log);

/* Whether the process is a looker that has not ended. */
bool watch_is_looker(const struct watch *w, pid_t pid);
