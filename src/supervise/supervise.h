/* SPDX-License-Identifier: MIT */
/* The loop that process 1 spends its life in. */
#pragma once

#include "launch/children.h"
#include "policy/policy.h"
#include "sys/log.h"
#include "watch/watch.h"

/* What it holds, all of it made before the program starts: behind the border nothing is opened. */
struct supervision {
	const struct policy *policy; /* and what it points to, for ever */
	struct log *log;
	struct watch *watch;
	int signals;  /* signalfd(2), in the watch's set; -1: there is nothing else to wait for */
	int children; /* others_open(); -1: not needed */
};

/*
 * The last that may fail before the program starts: opens the descriptors, or takes over the
 * watch's, and makes granit whom orphans come to. Returns 0; or -errno, having said why.
 */
int supervise_prepare(struct supervision *v) must_check;

/*
 * Once the program runs: what only it was to keep, the working directory and inherited descriptors
 * are given up, and nobody is waited for any more. Nothing in here fails.
 */
void supervise_give_up(const struct supervision *v);

/*
 * Passes signals on and collects children until the main one ends; returns its exit status, or 78
 * when the watch had it ended. phase: how far it has come; NULL: it is the program. Behind the
 * border: nothing in here fails, waits for anybody but the kernel, opens a file or takes memory.
 */
int supervise(const struct supervision *v, pid_t main_child, const launch_phase *phase);
