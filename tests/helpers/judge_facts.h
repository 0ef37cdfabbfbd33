/* SPDX-License-Identifier: MIT */
/* Facts as tests make them up, a line each, for judge.c. */
#pragma once

#include "posture/posture.h"

enum { WORDS = 32 };

/* What the files said. All of it lives to the end. */
struct made {
	struct posture posture;
	struct config_file config;
	char *options[WORDS]; /* granit's arguments, itself first */
	int option_count;
	char *plan; /* "PATH:...", of the fact plan; NULL: the checks are asked for */
};
extern struct made made;

/* Ends the judge, with the reason. */
__attribute__((noreturn)) void judge_fail(const char *what, const char *line);

/* The next part of *text, up to a colon; *text goes on behind it. */
char *part(char **text);

/* A number, and an errno by its name; anything else ends the judge. */
long fact_number(const char *text);
int fact_error(const char *text);

/* In judge_image.c. */
void add_seal(char *value);
void set_seal_broken(char *value);
void add_blind(char *value);
void add_foreign(char *value);

/* Reads a file of facts. */
void facts_read(const char *path);

/* Once all are read: what they say together. */
void facts_settle(struct arena *a);
