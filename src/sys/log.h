/* SPDX-License-Identifier: MIT */
/*
 * Standard error, written without depending on its reader: a reader that is slow is
 * waited for a little in all, and never behind the border. What it does not take is dropped and
 * counted, and the next line that gets through says how much that was.
 */
#pragma once

#include "sys/text.h"

enum log_way {
	LOG_PLAIN,  /* a file: write(2) waits for nobody but the disk */
	LOG_NOWAIT, /* the inherited description, which is the program's too: RWF_NOWAIT */
	LOG_OWN,    /* a description of granit's own, with O_NONBLOCK */
	LOG_SOCKET, /* MSG_DONTWAIT */
};

/* Lives as long as granit; may be written behind the border. */
struct log {
	int fd; /* for LOG_OWN closed on exec; else STDERR_FILENO */
	enum log_way way;
	int patience;         /* ms that may still be waited, in all */
	unsigned int dropped; /* lines, since one got through */
	bool cut;             /* the last line that got through lacks its end */
};

/*
 * Before the border: the user may be another one later, and then /dev/stderr is not his to open.
 * Never fails: what cannot be had is done without.
 * may_own: standard error may be opened again, to have a description of granit's own.
 */
void log_open(struct log *l, bool may_own);

/* Nothing is waited for any more. */
void log_stop_waiting(struct log *l);

/*
 * Writes whole lines. Returns 0; -EAGAIN: nobody read them, but somebody may read others; or
 * another -errno. Lines that were not written in whole are counted.
 */
int log_write(struct log *l, const struct text *lines);
