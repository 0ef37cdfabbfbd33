/* SPDX-License-Identifier: MIT */
/*
 * The functions of the option table; see struct option_row for what they return. A value outlives
 * the policy (it is argv's or the file's text); parts that are cut out of one are copied into
 * p->arena.
 */
#pragma once

#include "options/options.h"

typedef int option_set_function(struct parse *p, const struct option_row *row, const char *value);

option_set_function option_accept, option_set_explain, option_add_path, option_add_remap,
	option_add_verbosity, option_add_writable, option_set_color, option_set_config,
	option_set_format, option_set_flag, option_set_level, option_set_mode, option_set_profile,
	option_set_quiet, option_set_root, option_set_scan, option_set_target,
	option_set_scan_budget, option_set_termination_log, option_set_watch;

/* In level_options.c: option_set_level, option_set_explain. In supervise_options.c: */
option_set_function option_add_rewrite, option_set_parent_death, option_set_time;

/* In harden_options.c. */
option_set_function option_set_user, option_add_keep_caps, option_add_missing, option_set_landlock,
	option_add_deny, option_add_rlimit, option_set_umask, option_set_chdir,
	option_add_unset_env;

/* In port_options.c. */
option_set_function option_add_ports;

/* In seal_options.c. */
option_set_function option_set_seal, option_set_manifest, option_add_manifest_key,
	option_set_manifest_digest, option_set_verify;

/* What they empty, where it is more than one member of the policy; see struct option_row. */
typedef void option_empty_function(struct parse *p, const struct option_row *row);

option_empty_function option_empty_levels, option_empty_scan, option_empty_scan_budget,
	option_empty_verify, option_empty_watch, option_empty_landlock, option_empty_deny,
	option_empty_wait_for, option_empty_env_file, option_empty_secret;

/* That core files are written, which no profile does by itself. */
void option_forget_file_core(struct policy *p);

/* What the file said of levels, for a profile that the command line names. */
void option_empty_levels_of_file(struct parse *p);

/* Whether path is absolute, without empty parts, "." and "..". */
bool option_is_normal_path(const char *path) must_check;

/* In tool_options.c. */
option_set_function option_add_probe, option_add_wait_for, option_set_sleep, option_set_kill,
	option_set_learn;

/* In launch_options.c. */
option_set_function option_add_env_file, option_add_secret, option_set_secrets;

/* Whether the current option stands in the image's own file, and not in one that the deployer
 * names. */
static inline bool option_is_by_image(const struct parse *p)
{
	return p->file && !p->own_config;
}

/* Whether list, a pointer of the policy's, has memory for most items; it gets it on first use. */
#define option_has_room(p, list, most)                                                             \
	((list) || ((list) = arena_take((p)->arena, most, sizeof(*(list)))))

/* p->policy->wanted, created on first use; NULL: no memory. */
struct wanted *option_wanted(struct parse *p);

/* The number of the signal; -EINVAL, with the reason in p->err: there is none of this name. */
int option_read_signal(struct parse *p, const char *name);

/* Whether all that was said goes together; -EINVAL, with the reason in err: it does not. */
int option_check_combination(const struct policy *p, struct text *err) must_check;

/* A time in milliseconds. Returns 0; or -EINVAL, with the reason in p->err. */
int option_read_time(struct parse *p, const char *value, int64_t *ret_ms);

/* Puts "'VALUE' WHY" into p->err; returns -EINVAL. */
int option_bad_value(struct parse *p, const char *value, const char *why);

/* Likewise: it is no such path; there are too many of them; it is no such word, with the nearest.
 */
int option_bad_path(struct parse *p, const char *path);
int option_too_many_paths(struct parse *p);
int option_no_such_word(struct parse *p, const char *value, const char *kind,
			const char *const *words, size_t n);

/*
 * The index of value in words; -EINVAL, with the reason and all words in p->err: it is not a KIND.
 */
int option_find_word(struct parse *p, const char *value, const char *kind, const char *const *words,
		     size_t n);
