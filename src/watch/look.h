/* SPDX-License-Identifier: MIT */
/*
 * The looker: a process of its own that looks at a mount table that has changed, so that process 1
 * does not. It may block, run out of memory or be killed; it answers through memory that it shares
 * with process 1.
 */
#pragma once

#include "posture/posture.h"

enum {
	LOOK_ROWS = 1 << 17, /* more than a mount namespace has by default (fs.mount-max) */
	LOOK_TEXT = 1 << 20, /* bytes; what is longer is cut */
	LOOK_STUCK_MOST = 4, /* rows that no looker came back from */
};

/* A row of the table, as short as it can be told apart. */
struct look_row {
	uint64_t hash;
	uint64_t parent; /* mount id of what it was mounted on */
};

enum look_state {
	LOOK_NOTHING, /* it did not get to the end; the text, if there is any, is the reason */
	LOOK_PART,    /* of all rows but those that it was told to leave out */
	LOOK_DONE,
};

/*
 * Shared between process 1 and the looker, and written by the looker alone while there is one.
 * Process 1 believes no number in it without looking at it.
 */
struct look_page {
	uint32_t state;    /* enum look_state, set last */
	uint32_t failed;   /* a check at level fail is among what was found */
	uint32_t count;    /* rows of the other table */
	uint32_t text_len; /* to be said */
	uint64_t touching; /* hash of the row that is being looked at: where it hangs, if it does */
	/* Sorted by hash. The looker fills the one that does not hold what was judged last. Pages
	 * that are not touched cost nothing. */
	struct look_row rows[2][LOOK_ROWS];
	char text[LOOK_TEXT];
};

struct look_request {
	const struct policy *policy;
	struct look_page *page;
	const struct look_row *known; /* what was judged last */
	size_t known_count;
	unsigned int answer; /* which of the page's tables is to be filled */
	uint64_t root;       /* mount id of the root directory; 0: not known */
	uint64_t leave_out[LOOK_STUCK_MOST];
	size_t leave_out_count;
};

/* Whether a change of the mount table can lead to anything that is said. */
bool look_is_of_use(const struct policy *p);

/* Fills rows with the settled table's, sorted. Returns how many, or -E2BIG. */
int look_remember(const struct mount_table *t, struct look_row *rows) must_check;

/* Looks, answers and ends. For a child process: nothing that it does is of use to its parent. */
__attribute__((noreturn)) void look(const struct look_request *q);
