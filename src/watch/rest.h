/* SPDX-License-Identifier: MIT */
/*
 * --verify=lazy, --scan=lazy: what was not looked at before the start is looked at beside the
 * running program, by a process that gets what time nobody else wants. As with --watch it may
 * block, run out of memory or be killed; it answers through memory that it shares with process 1.
 * But for rest_begin() all may be called behind the border; times are milliseconds of the monotonic
 * clock.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "policy/policy.h"
#include "sys/log.h"

enum { REST_TEXT = 1 << 18 }; /* bytes; what is longer is cut */

/* Written by the worker alone while there is one. Process 1 believes no number in it without
 * looking at it. */
struct rest_page {
	uint32_t done;     /* set last */
	uint32_t failed;   /* a check at level fail is among what was found */
	uint32_t text_len; /* to be said */
	char text[REST_TEXT];
};

/* How its process is scheduled. */
enum rest_pace {
	REST_IDLE,
	REST_BATCH, /* nice 19: for a busy program under a CPU limit leaves nothing idle */
};

struct rest {
	struct rest_page *page; /* NULL: there is nothing to do, or no longer */
	pid_t worker;           /* 0: there is none */
	enum rest_pace pace;
	unsigned int left; /* FACT_SEAL, FACT_PROGRAMS: what is looked at */
	int64_t began;     /* when the program was started; 0: not yet */
	int64_t next;      /* not before then, it is tried again */
	int64_t pause;     /* before it is tried again */
	bool replaced;     /* the worker was killed to be followed by another one */
};

/* seal_left: not all of the image was verified. Returns 0, or -errno: then there is no memory to
 * share. */
int rest_begin(struct rest *r, const struct policy *p, bool seal_left) must_check;

/* When there is something to be done next; 0: not before something happens. */
int64_t rest_next(const struct rest *r, enum watching mode);

/* Does what is due. Returns whether the program has to end, since it was not done in time. */
bool rest_run(struct rest *r, const struct policy *p, struct log *log, int64_t now);

/* Time in which nobody could do anything. */
void rest_forgive(struct rest *r, int64_t ms);

/* The child has ended. Returns whether it was the worker; *ret_failed as of watch_collect(). */
bool rest_collect(struct rest *r, struct log *log, pid_t pid, int64_t now, bool *ret_failed);

/* The program has ended: what is not done will not be. */
void rest_stop(struct rest *r, const struct policy *p, struct log *log);

/* Looks, answers and ends. For a child process. */
__attribute__((noreturn)) void rest_work(const struct policy *p, const struct rest *r);
