/* SPDX-License-Identifier: MIT */
/* The option table: the one place that says which options there are. Parser and help read it. */
#pragma once

#include "policy.h"

/* What an option's function works on while the command line is read. */
struct parse {
	struct policy *policy;
	struct arena *arena;
	struct text *err;
	/* What --fail, --warn and --ignore said, by row of the check table: the profile, which may
	 * come later, must not undo it. */
	struct {
		bool given;
		enum level level;
	} said[POLICY_CHECKS];
	bool scan_said; /* --scan was given: its default depends on --root */
};

struct option_row {
	const char *name;
	char letter;       /* 0: none */
	const char *value; /* what the help calls its value; NULL: it takes none */
	const char *help;
	/* Returns 0, or -EINVAL with p->err filled. */
	int (*set)(struct parse *p, const struct option_row *row, const char *value);
	int argument; /* for functions that serve several rows */
};

extern const struct option_row options[];
extern const size_t options_count;

/* The help text, made from the table. */
void options_help(struct text *out);
