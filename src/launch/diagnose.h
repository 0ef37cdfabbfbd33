/* SPDX-License-Identifier: MIT */
/* The reason why execve(2) failed, in words that help. */
#pragma once

#include "sys/text.h"

/*
 * Why the program at path could not be executed, and what to do about it, in one or two lines;
 * error is execve(2)'s, landlock whether a rule of granit's own may be the reason. name is what was
 * asked for, which was looked for in PATH unless it has a slash.
 */
void diagnose(const char *name, const char *path, int error, bool landlock, struct text *out);
