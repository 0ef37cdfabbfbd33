// SPDX-License-Identifier: MIT
/* Options that change what the program is started with. */
#include <cap-ng.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harden/deny.h"
#include "options/values.h"

int option_set_user(struct parse *p, const struct option_row *row, const char *value)
{
	(void)row;
	/* Names can only be looked up in the image, which comes later. */
	if (!*value)
		return option_bad_value(p, value, "is not USER[:GROUP[,GROUP...]]");
	p->policy->user = value;
	return 0;
}

/* ---- capabilities */

enum { CAPS = 64 }; /* bits of a set */

static int find_cap(const char *name)
{
	uint64_t number;

	if (strncasecmp(name, "cap_", 4) == 0)
		name += 4;
	/* Newer than the library's table: by number. */
	if (text_to_uint(name, CAPS - 1, &number) == 0)
		return (int)number;
	for (unsigned int i = 0; i < CAPS; i++) {
		const char *known = capng_capability_to_name(i);

		if (known && strcasecmp(known, name) == 0)
			return (int)i;
	}
	return -EINVAL;
}

static int no_such_cap(struct parse *p, const char *name)
{
	const char *names[CAPS];
	size_t n = 0;

	for (unsigned int i = 0; i < CAPS; i++) {
		names[n] = capng_capability_to_name(i);
		n += names[n] != NULL;
	}
	return option_find_word(p, name, "capability", names, n);
}

int option_add_keep_caps(struct parse *p, const struct option_row *row, const char *value)
{
	char *caps = arena_copy(p->arena, value), *name;

	(void)row;
	if (!caps)
		return -ENOMEM;
	/* Makes the library ask the kernel how many there are; its names depend on that. */
	capng_clear(CAPNG_SELECT_ALL);
	while ((name = text_next_word(&caps)) != NULL) {
		int cap = find_cap(name);

		if (cap < 0)
			return no_such_cap(p, name);
		p->policy->keep_caps |= UINT64_C(1) << cap;
	}
	return 0;
}

int option_add_missing(struct parse *p, const struct option_row *row, const char *value)
{
	static const char *const names[] = {"securebits"};
	static const enum missing bits[] = {MISSING_SECUREBITS};
	char *words = arena_copy(p->arena, value), *word;

	(void)row;
	if (!words)
		return -ENOMEM;
	while ((word = text_next_word(&words)) != NULL) {
		int i = option_find_word(p, word, "step that may be missing", names,
					 array_length(names));

		if (i < 0)
			return i;
		p->policy->allow_missing |= bits[i];
	}
	return 0;
}

/* ---- Landlock and what is denied */

int option_set_landlock(struct parse *p, const struct option_row *row, const char *value)
{
	static const char *const modes[] = {
		[LANDLOCK_OFF] = "off", [LANDLOCK_AUTO] = "auto", [LANDLOCK_REQUIRE] = "require"};
	int i = option_find_word(p, value, "Landlock mode", modes, array_length(modes));

	(void)row;
	if (i < 0)
		return i;
	p->policy->landlock = (enum landlock_mode)i;
	p->landlock_said = true;
	return 0;
}

void option_empty_landlock(struct parse *p, const struct option_row *row)
{
	(void)row;
	p->landlock_said = false;
}

void option_empty_deny(struct parse *p, const struct option_row *row)
{
	(void)row;
	p->deny_emptied = false;
	p->policy->deny_named = 0;
}

/* The bits of a word; or -EINVAL. */
static int find_denial(struct parse *p, const char *word)
{
	enum { ALL = DENIALS, NONE, WORDS };
	const char *names[WORDS] = {[ALL] = "all", [NONE] = "none"};
	int i;

	for (i = 0; i < DENIALS; i++)
		names[i] = denials[i].name;
	i = option_find_word(p, word, "word", names, WORDS);
	if (i < 0)
		return i;
	return i == ALL ? DENY_ALL : i == NONE ? 0 : (int)denials[i].bit;
}

int option_add_deny(struct parse *p, const struct option_row *row, const char *value)
{
	char *words = arena_copy(p->arena, value), *word;

	(void)row;
	if (!words)
		return -ENOMEM;
	while ((word = text_next_word(&words)) != NULL) {
		int bits = find_denial(p, word);

		if (bits < 0)
			return bits;
		p->deny_emptied |= bits == 0;
		p->policy->deny_named = bits ? p->policy->deny_named | (unsigned int)bits : 0;
	}
	return 0;
}

/* ---- what a shell's builtins would do */

static const char *const limit_names[] = {
	[RLIMIT_CPU] = "cpu",           [RLIMIT_FSIZE] = "fsize",
	[RLIMIT_DATA] = "data",         [RLIMIT_STACK] = "stack",
	[RLIMIT_CORE] = "core",         [RLIMIT_RSS] = "rss",
	[RLIMIT_NPROC] = "nproc",       [RLIMIT_NOFILE] = "nofile",
	[RLIMIT_MEMLOCK] = "memlock",   [RLIMIT_AS] = "as",
	[RLIMIT_LOCKS] = "locks",       [RLIMIT_SIGPENDING] = "sigpending",
	[RLIMIT_MSGQUEUE] = "msgqueue", [RLIMIT_NICE] = "nice",
	[RLIMIT_RTPRIO] = "rtprio",     [RLIMIT_RTTIME] = "rttime",
};

static int read_limit(const char *word, rlim_t *ret)
{
	uint64_t value;

	if (strcmp(word, "unlimited") == 0) {
		*ret = RLIM_INFINITY;
		return 0;
	}
	if (text_to_size(word, &value) < 0)
		return -EINVAL;
	*ret = value;
	return 0;
}

int option_add_rlimit(struct parse *p, const struct option_row *row, const char *value)
{
	char *copy = arena_copy(p->arena, value), *name = copy, *soft, *hard;
	struct policy *policy = p->policy;
	struct limit limit = {.by_file = option_is_by_image(p)};

	(void)row;
	if (!copy)
		return -ENOMEM;
	hard = strchr(copy, '=');
	if (!hard)
		return option_bad_value(p, value,
					"is not NAME=SOFT[:HARD], as in nofile=1024:4096");
	*hard++ = '\0';
	limit.resource =
		option_find_word(p, name, "resource", limit_names, array_length(limit_names));
	if (limit.resource < 0)
		return limit.resource;
	soft = strsep(&hard, ":");
	if (read_limit(soft, &limit.soft) < 0 || read_limit(hard ? hard : soft, &limit.hard) < 0)
		return option_bad_value(p, value,
					"has a limit that is neither a number nor 'unlimited'");
	if (limit.soft > limit.hard)
		return option_bad_value(p, value, "has a soft limit above the hard one");
	for (size_t i = 0; i < policy->limits_count; i++) {
		if (policy->limits[i].resource != limit.resource)
			continue;
		policy->limits[i] = limit;
		return 0;
	}
	if (!option_has_room(p, policy->limits, POLICY_LIMITS))
		return -ENOMEM;
	policy->limits[policy->limits_count++] = limit;
	return 0;
}

void option_forget_file_core(struct policy *p)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->limits_count; i++)
		if (!p->limits[i].by_file || p->limits[i].resource != RLIMIT_CORE)
			p->limits[kept++] = p->limits[i];
	p->limits_count = kept;
}

int option_set_umask(struct parse *p, const struct option_row *row, const char *value)
{
	size_t len = strspn(value, "01234567");

	(void)row;
	if (len == 0 || len > 4 || value[len] || strtol(value, NULL, 8) > 0777)
		return option_bad_value(p, value, "is not an octal mode from 0 to 777");
	p->policy->umask = (int)strtol(value, NULL, 8);
	return 0;
}

int option_set_chdir(struct parse *p, const struct option_row *row, const char *value)
{
	(void)row;
	if (*value != '/')
		return option_bad_value(p, value, "is not an absolute path");
	p->policy->chdir = value;
	return 0;
}

int option_add_unset_env(struct parse *p, const struct option_row *row, const char *value)
{
	struct policy *policy = p->policy;

	(void)row;
	if (!*value || strchr(value, '='))
		return option_bad_value(p, value, "is not a pattern of variable names");
	if (policy->unset_env_count == POLICY_GLOBS)
		return option_bad_value(p, value, "is one too many");
	if (!option_has_room(p, policy->unset_env, POLICY_GLOBS))
		return -ENOMEM;
	policy->unset_env[policy->unset_env_count++] = value;
	return 0;
}

_Static_assert(array_length(limit_names) <= POLICY_LIMITS, "each resource has its place");
