/* SPDX-License-Identifier: MIT */
/*
 * The option table: the one place that says which options there are. The parsers of the command
 * line and the configuration file read it, and so does the help. Rows are constants.
 */
#pragma once

#include "policy/policy.h"

enum {
	OPTIONS_MOST = 64,    /* rows that the table may have */
	PARSE_SETTINGS = 128, /* remembered at most; more are parsed but not shown */
};

/*
 * What an option's function works on. What the policy is to point to goes into arena, which lives
 * as long as the policy; the struct itself ends with the parsing.
 */
struct parse {
	struct policy *policy;
	struct arena *arena;
	struct text *err;
	const char *config; /* --config: a path, or "none"; NULL: not given */
	/* Where the current option stands; line and column from 1, file NULL: command line. */
	const char *file;
	size_t line, column;
	/* The profile of the command line: what a file says of itself must not count for it. */
	enum profile own_profile;
	/* What --fail, --warn and --ignore said, by row of the check table, so that a profile that
	 * comes later does not undo it. */
	struct {
		bool given;
		enum level level;
	} said[POLICY_CHECKS];
	bool landlock_said; /* its default depends on the profile */
	bool deny_emptied;  /* --deny=none: without what the profile denies by default */
	bool scan_said;     /* --scan was given: its default depends on --root */
	struct setting settings[PARSE_SETTINGS];
	size_t settings_count;
};

/* When, and where, an option may be given. */
enum option_place {
	OPTION_ANYWHERE,
	OPTION_COMMAND_LINE, /* not in a file that everything in the image inherits */
	OPTION_BEFORE_FILE,  /* on the command line, and parsed first: it says which file to read */
};

struct option_row {
	const char *name;
	char letter;       /* 0: none */
	const char *value; /* the name of its value in the help; NULL: it takes none */
	const char *help;  /* {} stands for the words of --deny */
	/* Returns 0; -EINVAL with the reason added to p->err, which names the option already; or
	 * -ENOMEM. */
	int (*set)(struct parse *p, const struct option_row *row, const char *value);
	int argument; /* for functions that serve several rows */
	enum option_place place;
};

/* The row i, counted from 0 in the order of the help; or NULL: there are no more. */
const struct option_row *option_at(size_t i);

/* Applies one option. On error returns -EINVAL, with p->err filled for the user. */
int option_apply(struct parse *p, const struct option_row *row, const char *value) must_check;

/* The row of this name, or NULL. */
const struct option_row *option_by_name(const char *name);

/* "; did you mean ...?", or where to find all names. */
void option_add_nearest(const char *name, const char *dashes, struct text *err);

/* The help text, made from the table. */
void options_help(struct text *out);
