/* SPDX-License-Identifier: MIT */
/* The reason why a fact is not known. */
#pragma once

/* "cannot TRIED WHAT: WHY". All is well when tried is NULL. */
struct trouble {
	const char *tried; /* "read" */
	const char *what;  /* "/proc/self/mountinfo" */
	const char *why;   /* NULL: what error means */
	int error;         /* errno, or 0 */
};
