/* SPDX-License-Identifier: MIT */
/* What prepares the program's arguments. */
#pragma once

#include "sys/arena.h"
#include "sys/text.h"

/*
 * The program's arguments with ${NAME}, ${NAME:-default}, ${NAME:?message} and $$ replaced from the
 * environment; argv[0] as it is. The result lives in the arena. Returns 0, -ENOMEM, or -EINVAL; err
 * then holds one line that names the variable, never a value.
 */
int expand_arguments(char *const *argv, struct arena *a, char ***ret, struct text *err) must_check;
