/* SPDX-License-Identifier: MIT */
/* What is done after hardening and before the program starts, for it and as its user. */
#pragma once

#include "launch/children.h"
#include "policy/policy.h"
#include "sys/arena.h"
#include "sys/text.h"
#include "sys/variables.h"

/*
 * Waits for what the program needs, then makes its environment and its arguments from files and
 * variables. *l has granit's own at first; what replaces it lives in the arena. Returns 0; or the
 * exit status that says why not, with one line in err, which never tells a value. Signals must be
 * blocked: one that would end the program ends this.
 */
int launch_prepare(const struct policy *p, struct arena *a, struct launch *l, struct text *err)
	must_check;

/*
 * Its parts. Return 0 or -errno, with err filled; -ECANCELED: the signal *ret_signal came.
 */
int wait_for_all(const struct policy *p, struct arena *a, int *ret_signal, struct text *err)
	must_check;
int env_files_read(const struct policy *p, const struct mount_table *t, struct arena *a,
		   struct variables *v, struct text *err) must_check;
int secrets_read(const struct wanted *w, struct arena *a, struct variables *v, struct text *err)
	must_check;

/*
 * The program's arguments with ${NAME}, ${NAME:-default}, ${NAME:?message} and $$ replaced from
 * envp; argv[0] as it is. The result lives in the arena. Returns 0, -ENOMEM, or -EINVAL; err then
 * holds one line that names the variable, never a value.
 */
int expand_arguments(char *const *argv, char *const *envp, struct arena *a, char ***ret,
		     struct text *err) must_check;
