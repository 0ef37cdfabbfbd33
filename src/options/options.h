/* SPDX-License-Identifier: MIT */
/*
 * The option table: the one place that says which options there are. The parsers of the command
 * line and the configuration file read it, and so does the help. Rows are constants.
 */
#pragma once

#include "policy/policy.h"

enum {
	OPTIONS_MOST = 96,    /* rows that the table may have */
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
	const char *config;   /* --config: a path, or "none"; NULL: not given */
	bool own_config;      /* and not by process 1 */
	const char *file_log; /* --termination-log of the image's own file; NULL: it says nothing */
	bool of_init;         /* the current option is process 1's: see struct believed */
	/* Where the current option stands; line and column from 1, file NULL: command line. */
	const char *file;
	size_t line, column;
	bool hides;              /* the file is not everybody's to read: nothing of it is shown */
	bool here[OPTIONS_MOST]; /* what the command line has said: by row of the table */
	/* The profile of the command line: what a file says of itself must not count for it. */
	enum profile own_profile;
	/* What --fail, --warn and --ignore said, by row of the check table, so that a profile that
	 * comes later does not undo it. */
	struct {
		bool given;
		bool by_file;
		enum level level;
	} said[POLICY_CHECKS];
	bool warnings_fail, warnings_fail_by_file; /* --fail=warnings */
	bool landlock_said;                        /* its default depends on the profile */
	bool deny_emptied; /* --deny=none: without what the profile denies by default */
	bool scan_said;    /* --scan was given: its default depends on --root */
	struct setting settings[PARSE_SETTINGS];
	size_t settings_count;
	size_t settings_omitted; /* for which there was no room */
};

/* When, and where, an option may be given. */
enum option_place {
	OPTION_ANYWHERE,
	OPTION_COMMAND_LINE, /* not in a file that everything in the image inherits */
	OPTION_BEFORE_FILE,  /* on the command line, and parsed first: it says which file to read */
};

/* A member of the policy, and the byte that it is full of as long as nobody has said anything. */
struct option_field {
	uint16_t at, size;
	uint8_t fresh;
};

#define POLICY_FIELD(member, byte)                                                                 \
	{                                                                                          \
		offsetof(struct policy, member), sizeof(((struct policy *)0)->member), byte        \
	}

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
	bool may_lack_value; /* NULL then; it is given behind '=' alone */
	/* It decides what is found, and does nothing: --check takes it over from process 1. */
	bool judges;
	/*
	 * What the command line says replaces what the file says, unless adds is set. field is what
	 * an earlier value is kept in, or empty takes it back, where setting it anew is not enough.
	 * An option with one of these two is emptied by the value none, if that is no word of its
	 * own.
	 */
	bool adds;
	bool has_own_none;
	bool is_of_profile; /* a profile that the command line names takes back what the file says
			     */
	struct option_field field;
	void (*empty)(struct parse *p, const struct option_row *row);
	const char *lowers; /* words that ask for less than the defaults do; "*": any value */
};

/* The row i, counted from 0 in the order of the help; or NULL: there are no more. */
const struct option_row *option_at(size_t i);

/* Applies one option. On error returns -EINVAL, with p->err filled for the user. */
int option_apply(struct parse *p, const struct option_row *row, const char *value) must_check;

/* Whether it takes no value but yes and no: all that is no mode. */
bool option_is_switch(const struct option_row *row) must_check;

/* For a profile that the command line names: what the file said of levels does not count. */
void option_forget_file_levels(struct parse *p);

/* Whether this asks for less than the defaults do. */
bool option_lowers(const struct policy *p, const struct option_row *row, const char *value)
	must_check;

/* Of a switch: yes is NULL then, as no value is. Returns 0; -EINVAL: it is another word than no. */
int option_read_switch(const char **value) must_check;

/* The row of this name, or NULL. */
const struct option_row *option_by_name(const char *name);

/* The name that this one is a mistyped one of, or NULL. */
const char *option_nearest(const char *name) must_check;

/* "; did you mean ...?", or where to find all names. */
void option_add_nearest(const char *name, const char *dashes, struct text *err);

/* What the row i of the help stands under. */
const char *option_group(size_t i);

/* The help text, made from the table. */
void options_help(struct text *out);

/* What the help says of one row, and where the option may stand. */
void option_explain(struct text *out, const struct option_row *row);
