/* SPDX-License-Identifier: MIT */
/* Why a fact is not known. */
#pragma once

/*
 * "cannot TRIED WHAT: WHY"; no trouble when tried is NULL. The strings are constants, or live as
 * long as the facts beside them.
 */
struct trouble {
	const char *tried; /* "read" */
	const char *what;  /* "/proc/self/mountinfo" */
	const char *why;   /* NULL: what error means */
	int error;         /* errno, or 0 */
};
