/* SPDX-License-Identifier: MIT */
/* What a program is told to work with: words of which some are programs, which it starts. */
#pragma once

#include "facts/image_walk.h"

/*
 * Queues the files that a text names: the text itself, and its words, as env's -S breaks them at
 * blanks and quotes, and as it joins what is quoted. A name without a slash is looked up in PATH,
 * which is looked at anyway.
 */
void walk_queue_words(struct walk *w, const char *text);

/* Records as not to be looked at what has a variable in the text that env is told to split. */
void walk_note_variables(struct walk *w, char *const *words);

/*
 * Queues what a script, whose first n bytes these are, is run with, and what that is told to work
 * with. Returns whether the interpreter is there.
 */
bool walk_queue_script(struct walk *w, const uint8_t *head, size_t n);

/*
 * Whether fd, a file or directory at path, lies on a volume that the program writes and that is not
 * declared for programs: what it has stored there is not to keep it from its next start, and is
 * started by nobody.
 */
bool walk_is_on_open_volume(const struct walk *w, int fd, const char *path);

/* Looks at a file that was queued as a word, if it is a program. */
void walk_look_at_word(struct walk *w, const char *path);
