/* SPDX-License-Identifier: MIT */
/*
 * The paths among options, in variables that hold options of an interpreter's. Touches nothing but
 * its arguments. A word is what stands between blanks, quotes and ":;,="; value, in which it lies,
 * is the variable's.
 */
#pragma once

#include "facts/hooks.h"

/* isspace(3), by which musl's loader and the Java machine cut. */
#define SPACES " \t\n\v\f\r"

/* Whether the word names a file, and which. */
bool hook_option_names(const char *value, const char *word, size_t len, bool is_perl,
		       struct hook_word *ret);

/* The length of what starts at word and names no file that is loaded, whatever it looks like; 0:
 * there is no such thing. */
size_t hook_option_harmless(const char *value, const char *word);
