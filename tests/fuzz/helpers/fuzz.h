/* SPDX-License-Identifier: MIT */
/*
 * What the fuzz targets share: inputs in parts, files that are not there, memory whose parts lie
 * apart.
 *
 * The arena of src/sys/arena.h is the helpers' own in every target: there is one at a time, and
 * what lies between two things taken from it may be neither read nor written.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sys/arena.h"
#include "sys/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What has to hold, whatever the input is: else the run ends, and the input is kept. */
#define must(what) ((what) ? (void)0 : fuzz_broken(#what, __FILE__, __LINE__))
_Noreturn void fuzz_broken(const char *what, const char *file, int line);

/* ---- inputs */

/* What is left of an input. */
struct input {
	const uint8_t *at;
	size_t left;
};

/* The next byte, 0 at the end. */
uint8_t input_byte(struct input *in);

/*
 * A copy in memory of its own, so that who reads on is seen, with a NUL behind it that does not
 * count: of the next n bytes, or as many as there are; of what precedes the next mark, or NUL byte,
 * which is cut off too. For free(3).
 */
char *input_bytes(struct input *in, size_t n, size_t *ret_size);
char *input_part(struct input *in, uint8_t mark, size_t *ret_size);
char *input_text(struct input *in);

/* ---- files */

/*
 * From now on this is the file at path, for all that opens it through sys/below.h, sys/regular.h
 * and facts/procfile.h. Only what was given is there at all, until files_forget().
 */
void file_given(const char *path, const void *bytes, size_t size, unsigned int mode);
void files_forget(void);

/* A descriptor of the file with this content, the caller's to close. */
int file_of(const void *bytes, size_t size);

/* The path that was opened last, or looked for. */
const char *file_asked_for(void);

/* At most so many bytes a read(2); 0: as many as are asked for. */
void files_come_in_pieces(size_t most);

/* ---- messages */

/* A message for the user: one line, which is there, and drives no terminal. */
void must_be_a_line(const struct text *t);

/* Whether all n bytes are the same, those between members too: of what was zeroed before it was
 * filled. */
bool same_bytes(const void *x, const void *y, size_t n);

/* Whether the n bytes at part lie in the size bytes at whole. */
bool lies_in(const void *part, size_t n, const void *whole, size_t size);
