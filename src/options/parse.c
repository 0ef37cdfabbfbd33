// SPDX-License-Identifier: MIT
/* Parses the command line and makes the policy. */
#include "options/parse.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "checks/check.h"
#include "facts/init.h"
#include "options/config.h"
#include "options/options.h"
#include "options/values.h"

enum {
	LONG_BASE = 256,      /* what getopt_long(3) returns for row 0 of the table */
	SHORT_BASE = 1 << 24, /* what optopt is for row 0, when its name was not written in full */
};

struct getopt_tables {
	struct option longs[OPTIONS_MOST + 1];
	char shorts[2 * OPTIONS_MOST + 3];
};

/* The two tables of getopt_long(3). '+': the first word that is no option is PROGRAM. */
static void make_getopt_tables(struct getopt_tables *t)
{
	const struct option_row *row;
	char *s = t->shorts;
	size_t i;

	*s++ = '+';
	*s++ = ':';
	for (i = 0; (row = option_at(i)) != NULL; i++) {
		t->longs[i] = (struct option){
			.name = row->name,
			.has_arg = row->value && !row->may_lack_value    ? required_argument
				   : row->value || option_is_switch(row) ? optional_argument
									 : no_argument,
			.val = LONG_BASE + (int)i,
		};
		if (!row->letter)
			continue;
		*s++ = row->letter;
		if (row->value)
			*s++ = ':';
	}
	*s = '\0';
	t->longs[i] = (struct option){0};
}

static const struct option_row *row_of(int code)
{
	const struct option_row *row;

	if (code >= LONG_BASE)
		return option_at((size_t)(code - LONG_BASE));
	for (size_t i = 0; (row = option_at(i)) != NULL; i++)
		if (row->letter == code)
			return row;
	return NULL;
}

/* getopt_long(3) takes any start of a name that fits one option alone. Nobody who looks for a name
 * in a command line would find it then, and the next option may share the start. */
static bool is_in_full(const struct command_line *words, const struct option_row *row)
{
	const char *word = words->argv[optind - 1];

	if (word == optarg)
		word = words->argv[optind - 2];
	return strcspn(word, "=") == strlen("--") + strlen(row->name);
}

static int next_option(const struct command_line *words, const struct getopt_tables *tables)
{
	int code, named;

	opterr = 0;
	code = getopt_long(words->argc, words->argv, tables->shorts, tables->longs, NULL);
	named = code == ':' || code == '?' ? optopt : code;
	if (named < LONG_BASE || !row_of(named) || is_in_full(words, row_of(named)))
		return code;
	optopt = named - LONG_BASE + SHORT_BASE;
	return '?';
}

/* getopt_long(3) returned '?' for word; optopt tells why. */
static int bad_option(const char *word, struct text *err)
{
	/* Of a byte that is no character musl makes a number beyond all rows. */
	const struct option_row *row = optopt >= LONG_BASE ? row_of(optopt) : NULL;
	char name[64] = {(char)optopt, '\0'};

	if (optopt >= SHORT_BASE) {
		text_add(err, "names of options are written in full: --%s",
			 row_of(optopt - SHORT_BASE + LONG_BASE)->name);
		return -EINVAL;
	}
	if (row) {
		text_add(err, "--%s takes no value", row->name);
		return -EINVAL;
	}
	if (!optopt)
		(void)snprintf(name, sizeof(name), "%.*s", (int)strcspn(word + 2, "="), word + 2);
	text_add(err, "there is no option %s", optopt ? "-" : "--");
	text_add_name(err, name);
	option_add_nearest(name, "--", err);
	return -EINVAL;
}

/*
 * Parses the command line: once for what must be known before the file is read, and once for the
 * rest.
 */
static int read_options(const struct command_line *words, const struct getopt_tables *tables,
			struct parse *p, bool before_file)
{
	int code;

	optind = 0; /* start over: musl and glibc both take 0 for that */
	while ((code = next_option(words, tables)) != -1) {
		const struct option_row *row;
		const char *value = optarg;

		/* Mistakes are reported the second time, when it is known where to. */
		if (before_file && (code == '?' || code == ':'))
			continue;
		if (code == '?')
			return bad_option(words->argv[optind - 1], p->err);
		row = row_of(code == ':' ? optopt : code);
		if (code == ':') {
			text_add(p->err, "--%s needs a value: --%s=%s", row->name, row->name,
				 row->value);
			return -EINVAL;
		}
		if ((row->place == OPTION_BEFORE_FILE) != before_file ||
		    (p->of_init && !row->judges))
			continue;
		if (option_is_switch(row) && option_read_switch(&value) < 0) {
			text_add(p->err, "--%s takes no value; --%s=no takes it back", row->name,
				 row->name);
			return -EINVAL;
		}
		if (option_apply(p, row, value) < 0)
			return -EINVAL;
	}
	return 0;
}

/*
 * In run mode findings that merely inform show with -v only: without it, the check can be skipped.
 */
static bool is_for_nobody(const struct policy *p, enum level l)
{
	return l == LEVEL_INFO && p->mode != MODE_CHECK && p->verbosity < 1;
}

static void leave_out(struct policy *p, size_t check)
{
	p->levels[check] = (struct levels){LEVEL_OFF, LEVEL_OFF};
	for (size_t i = 0; i < p->path_levels_count; i++)
		if (p->path_levels[i].check == check)
			p->path_levels[i].level = LEVEL_OFF;
}

static void raise_warnings(struct levels *l)
{
	l->grave = l->grave == LEVEL_WARN ? LEVEL_FAIL : l->grave;
	l->lesser = l->lesser == LEVEL_WARN ? LEVEL_FAIL : l->lesser;
}

/* --fail=warnings */
static void raise_all_warnings(struct policy *p)
{
	for (size_t i = 0; i < POLICY_CHECKS; i++) {
		raise_warnings(&p->levels[i]);
		raise_warnings(&p->target_levels[i]);
	}
	for (size_t i = 0; i < p->path_levels_count; i++)
		if (p->path_levels[i].level == LEVEL_WARN)
			p->path_levels[i].level = LEVEL_FAIL;
}

static void lower_failures(struct levels *l)
{
	l->grave = l->grave == LEVEL_FAIL ? LEVEL_WARN : l->grave;
	l->lesser = l->lesser == LEVEL_FAIL ? LEVEL_WARN : l->lesser;
}

static void settle_levels(struct parse *p)
{
	struct policy *policy = p->policy;
	const struct check *c;

	for (size_t i = 0; (c = check_at(i)) != NULL; i++) {
		enum level said = p->said[i].level;
		enum profile profile = c->judges_file ? p->own_profile : policy->profile;

		/* A seal means an inspected image: checks are left out by name only. */
		if (policy->mode == MODE_SEAL && profile < PROFILE_IMMUTABLE)
			profile = PROFILE_IMMUTABLE;
		policy->levels[i] =
			p->said[i].given ? (struct levels){said, said} : c->levels[profile];
		if (policy->mode == MODE_PAUSE && c->of_program && !p->said[i].given)
			lower_failures(&policy->levels[i]);
		policy->target_levels[i] =
			p->said[i].given ? policy->levels[i] : c->levels[policy->target];
		/* The image has no seal yet, or an old one. */
		if (policy->mode == MODE_SEAL && c->needs & FACT_SEAL)
			leave_out(policy, i);
		if (is_for_nobody(policy, policy->levels[i].grave))
			policy->levels[i].grave = LEVEL_OFF;
		if (is_for_nobody(policy, policy->levels[i].lesser))
			policy->levels[i].lesser = LEVEL_OFF;
	}
	if (p->warnings_fail)
		raise_all_warnings(policy);
}

static void settle_steps(const struct parse *p)
{
	static const enum landlock_mode landlock[PROFILE_COUNT] = {
		[PROFILE_IMMUTABLE] = LANDLOCK_AUTO,
		[PROFILE_RESTRICTED] = LANDLOCK_REQUIRE,
	};
	static const unsigned int deny[PROFILE_COUNT] = {
		[PROFILE_IMMUTABLE] = DENY_PID1,
		[PROFILE_RESTRICTED] = DENY_ALL,
	};
	struct policy *policy = p->policy;

	policy->harden =
		policy->profile == PROFILE_IMMUTABLE || policy->profile == PROFILE_RESTRICTED;
	if (!p->landlock_said)
		policy->landlock = landlock[policy->profile];
	if (!p->landlock_said && policy->landlock == LANDLOCK_OFF && policy_names_reach(policy))
		policy->landlock = LANDLOCK_AUTO;
	policy->deny = policy->deny_named | (p->deny_emptied ? 0 : deny[policy->profile]);
	policy->takes_steps = policy->harden || policy->user || policy->keep_caps ||
			      policy->landlock != LANDLOCK_OFF || policy->deny ||
			      policy->limits_count || policy->umask >= 0 || policy->chdir ||
			      policy->unset_env_count;
}

/* What is only learnt about is refused nothing, and nothing hides what it needs. */
static void settle_learning(struct policy *p)
{
	if (!p->learn)
		return;
	p->profile = PROFILE_AUDIT;
	for (size_t i = 0; i < POLICY_CHECKS; i++) {
		struct levels *l = &p->levels[i];

		l->grave = l->grave == LEVEL_FAIL ? LEVEL_WARN : l->grave;
		l->lesser = l->lesser == LEVEL_FAIL ? LEVEL_WARN : l->lesser;
	}
	for (size_t i = 0; i < p->path_levels_count; i++)
		if (p->path_levels[i].level == LEVEL_FAIL)
			p->path_levels[i].level = LEVEL_WARN;
	p->landlock = LANDLOCK_OFF;
	p->listen.count = p->connect.count = p->connect_unix.count = 0;
	p->deny = p->deny_named = 0;
	p->keep_caps = 0;
	p->harden = false;
	if (p->watch == WATCH_TERMINATE)
		p->watch = WATCH_WARN;
	p->takes_steps =
		p->user || p->limits_count || p->umask >= 0 || p->chdir || p->unset_env_count;
}

/* Settings are kept only where somebody asked to see them. */
static void keep_settings(const struct parse *p)
{
	struct policy *policy = p->policy;
	size_t n = p->settings_count;
	struct setting *kept;

	if (policy->verbosity < 1 && policy->mode != MODE_CHECK)
		return;
	kept = arena_take(p->arena, n, sizeof(*kept));
	if (!kept)
		return;
	memcpy(kept, p->settings, n * sizeof(*kept));
	for (size_t i = 0; i < n; i++)
		kept[i].lowers = option_lowers(policy, option_by_name(kept[i].name), kept[i].value);
	policy->settings = kept;
	policy->settings_count = n;
	policy->settings_omitted = p->settings_omitted;
}

/* What was emptied again needs no process for it. */
static void settle_wanted(struct policy *p)
{
	const struct wanted *w = p->wanted;

	if (w && !w->waits.count && !w->env_files_count && !w->secrets_count && !w->secrets_auto)
		p->wanted = NULL;
}

/* Where nothing is started there is no later. */
static void settle_lazy(struct policy *p)
{
	if (p->mode == MODE_RUN || p->mode == MODE_PAUSE)
		return;
	if (p->verify == VERIFY_LAZY)
		p->verify = VERIFY_ALL;
	if (p->scan == SCAN_LAZY)
		p->scan = SCAN_FULL;
}

/* Words that somebody meant for granit, and that stand where the program stands. */
static int bad_program(const struct policy *p, bool is_first, struct text *err)
{
	static const char *const alone[] = {"help", "version", "check", "list-checks"};
	static const char *const with_others[] = {"explain", "learn"};
	const char *word = p->program[0];
	char name[64];

	if (p->mode == MODE_CHECK && check_find(word) >= 0) {
		text_add(err,
			 "'%s' is a check, not a program: --check --ignore=all --fail=%s looks at "
			 "it "
			 "alone, --explain=%s explains it",
			 word, word, word);
		return -EINVAL;
	}
	if (is_first &&
	    (is_one_of(word, with_others) || (!p->program[1] && is_one_of(word, alone)))) {
		text_add(err, "did you mean --%s? For a program of this name: granit -- %s", word,
			 word);
		return -EINVAL;
	}
	if (strncmp(word, "--", 2) != 0)
		return 0;
	(void)snprintf(name, sizeof(name), "%.*s", (int)strcspn(word + 2, "="), word + 2);
	if (!option_by_name(name))
		return 0;
	text_add(err,
		 "--%s stands behind --, where the program begins: for another start, docker run "
		 "--entrypoint /granit IMAGE --%s",
		 name, name);
	return -EINVAL;
}

/* Process 1's words, if there are any, as if they stood before the own ones. */
static int read_words(const struct command_line *init, const struct command_line *own,
		      const struct getopt_tables *tables, struct parse *p, bool before_file)
{
	p->of_init = true;
	if (init && read_options(init, tables, p, before_file) < 0)
		return -EINVAL;
	if (init && optind < init->argc)
		p->policy->program = init->argv + optind;
	p->of_init = false;
	return read_options(own, tables, p, before_file);
}

/* The next option that there is, whatever stands between; NULL: no more. optind 0 starts over. */
static const struct option_row *next_row(const struct command_line *own,
					 const struct getopt_tables *tables)
{
	int code;

	while ((code = next_option(own, tables)) == '?' || code == ':')
		;
	return code == -1 ? NULL : row_of(code);
}

/* A mistake in the file is told where the command line says, or nowhere. Returns -EINVAL. */
static int read_log_alone(const struct command_line *own, const struct getopt_tables *tables,
			  struct parse *p)
{
	const struct option_row *row;

	p->file = NULL;
	optind = 0;
	while ((row = next_row(own, tables)) != NULL)
		if (row->set == option_set_termination_log || row->set == option_set_mode)
			(void)row->set(p, row, optarg);
	return -EINVAL;
}

static own_frame int parse_words(const struct command_line *init, const struct command_line *own,
				 const struct getopt_tables *tables, struct arena *a,
				 struct policy *ret, struct text *err)
{
	struct parse p = {.policy = ret, .arena = a, .err = err, .own_profile = PROFILE_IMMUTABLE};

	ret->mode = MODE_RUN;
	ret->profile = ret->target = PROFILE_IMMUTABLE;
	ret->watch = WATCH_WARN;
	ret->umask = -1;
	ret->grace = ret->timeout = -1;
	option_empty_scan_budget(&p, NULL);
	if (read_words(init, own, tables, &p, true) < 0)
		return -EINVAL;
	if (config_read(&p) < 0)
		return read_log_alone(own, tables, &p);
	if (read_words(init, own, tables, &p, false) < 0)
		return -EINVAL;
	if (!ret->termination_log_asked && p.file_log)
		ret->termination_log = p.file_log;
	settle_levels(&p);
	settle_steps(&p);
	settle_learning(ret);
	settle_wanted(ret);
	keep_settings(&p);
	if (ret->root && !p.scan_said)
		ret->scan = SCAN_FULL;
	settle_lazy(ret);
	if (optind < own->argc) {
		ret->program = own->argv + optind;
		if (bad_program(ret, optind == 1 && own->argv[1] == ret->program[0], err) < 0)
			return -EINVAL;
	}
	return option_check_combination(ret, err);
}

/* ---- process 1 */

/* Whether there is a process 1 whose container is the one to look at. */
static bool is_for_init(const struct command_line *own, const struct getopt_tables *tables)
{
	const struct option_row *row;
	bool is_check = false;

	if (getpid() == 1)
		return false;
	optind = 0;
	while ((row = next_row(own, tables)) != NULL) {
		if (row->set == option_set_root || row->set == option_set_seal)
			return false;
		if (row->set == option_set_mode)
			is_check = row->argument == MODE_CHECK;
	}
	return is_check;
}

/* err has the reason, and is empty again afterwards. */
static const char *keep_reason(const char *head, struct text *err, struct arena *a)
{
	char buf[PIPE_BUF];
	struct text why;
	char *kept;

	text_init(&why, buf, sizeof(buf));
	text_add(&why, "%s%s", head, err->buf);
	text_init(err, err->buf, err->size);
	kept = arena_copy(a, buf);
	return kept ? kept : "not enough memory";
}

/* Returns 0; -EINVAL: the words of process 1 are no use, and the reason is kept. */
static int parse_with_init(const struct command_line *own, const struct getopt_tables *tables,
			   struct arena *a, struct policy *ret, struct text *err,
			   struct believed *believed)
{
	struct command_line init;
	const char *head = "";
	int r = init_command_line(a, &init, &believed->unshown, err);

	if (r == 0) {
		head = "/proc/1/cmdline could not be used: ";
		r = parse_words(&init, own, tables, a, ret, err);
	}
	if (r == 0)
		return 0;
	believed->why_not = keep_reason(head, err, a);
	memset(ret, 0, sizeof(*ret));
	return -EINVAL;
}

int policy_parse(int argc, char **argv, struct arena *a, struct policy *ret, struct text *err)
{
	const struct command_line own = {argc, argv};
	struct believed believed = {0};
	struct getopt_tables tables;
	int r = -EINVAL;

	make_getopt_tables(&tables);
	believed.asked = is_for_init(&own, &tables);
	if (believed.asked)
		r = parse_with_init(&own, &tables, a, ret, err, &believed);
	if (r < 0)
		r = parse_words(NULL, &own, &tables, a, ret, err);
	ret->believed = believed;
	return r;
}

_Static_assert(LONG_BASE > UINT8_MAX, "letters and rows share one number space");
