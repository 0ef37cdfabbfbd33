/* SPDX-License-Identifier: MIT */
/* Names of errno values, signals and resource limits, both ways. */
#pragma once

enum word_kind {
	WORD_ERRNO,
	WORD_SIGNAL, /* with or without SIG in front */
	WORD_LIMIT,
};

/* The number that text names or is; -1 when it is neither. */
int word_number(enum word_kind kind, const char *text);

/* Its name, or its digits in a buffer that the next call overwrites. */
const char *word_name(enum word_kind kind, int number);

/* Sets *ret to the whole number that text is. Returns 0, or -1 when it is none. */
int parse_number(const char *text, long *ret);
