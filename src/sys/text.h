/* SPDX-License-Identifier: MIT */
/* Text built in a buffer that the caller owns: never allocates, never overruns, always ends in NUL.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sys/compiler.h"

struct text {
	char *buf;
	size_t size; /* of buf, the final NUL included */
	size_t len;
	bool cut;     /* something did not fit */
	bool colored; /* a terminal shows it: text_add_colored() colors */
};

/* By what they tell, not by their colors. */
enum text_color {
	TEXT_BAD,
	TEXT_DOUBTFUL,
	TEXT_GOOD,
	TEXT_ASIDE,
	TEXT_HEADING,
};

/* Starts an empty text in buf, size bytes (at least one). With one byte it is a text that nobody
 * will read: adding to it costs next to nothing. */
void text_init(struct text *t, char *buf, size_t size);

static inline bool text_is_full(const struct text *t)
{
	return t->size - t->len <= 1;
}

void text_add(struct text *t, const char *fmt, ...) printf_like(2, 3);
void text_add_v(struct text *t, const char *fmt, va_list args) printf_like(2, 0);

/* The same text, in this color where the text has colors. */
void text_add_colored(struct text *t, enum text_color color, const char *fmt, ...)
	printf_like(3, 4);

/* The first n bytes of s as they are. */
void text_add_bytes(struct text *t, const char *s, size_t n);

/* Without printf(3), for process 1 behind the border: a string as it is, a number in decimal. */
void text_add_string(struct text *t, const char *s);
void text_add_number(struct text *t, uint64_t n);

/*
 * Adds a word of len bytes to a paragraph: behind a blank, or on a new line with this indent where
 * the line would be wider than a terminal. *column is where the line ends; it starts at indent.
 */
void text_add_word(struct text *t, const char *word, size_t len, size_t *column, size_t indent);

/* NAME as it is, behind a slash unless the text is empty or ends in one. */
void text_add_part(struct text *t, const char *name);

/* "DIR/NAME", likewise, to a text that is empty. */
void text_add_path(struct text *t, const char *dir, const char *name);

/* Takes back all behind the first len bytes. That something did not fit stays known. */
void text_cut(struct text *t, size_t len);

/*
 * Adds a name that granit did not make (a path, an argument). Control characters, which could forge
 * lines of a report or drive a terminal, what makes text read backwards, and bytes that are no
 * UTF-8 become \ooo as in /proc/self/mountinfo.
 */
void text_add_name(struct text *t, const char *name);

/* The same for the first n bytes of s. */
void text_add_shown(struct text *t, const char *s, size_t n);

/* Whether text_add_name() would change the name. */
bool text_needs_escape(const char *name);

/* The byte that s, of n bytes, begins with as \ooo, or -1: it does not begin like that. */
int text_octal(const char *s, size_t n);

/* The length of the UTF-8 character that s, of n bytes, begins with; 0: it is none (RFC 3629). */
size_t text_utf8_length(const char *s, size_t n);

/* The number of that character, of length bytes. */
uint32_t text_code_point(const char *s, size_t length);

/* Whether that character, of length bytes, drives what shows it instead of being shown. */
bool text_is_obeyed(const char *s, size_t length);

/* Copies s to dst, size bytes. False, and nothing copied, when it does not fit. */
bool text_copy(char *dst, size_t size, const char *s) must_check;

/*
 * Reads fd to its end into buf, and says how many bytes that were. Returns 0, -errno, or -EFBIG:
 * size bytes are not more than there are. A part of a file would be another answer than the whole.
 */
int text_read(int fd, char *buf, size_t size, size_t *ret_len) must_check;

/* Writes all of it to fd with as few write(2) as the kernel takes. Returns 0 or -errno. */
int text_write(const struct text *t, int fd);

/*
 * The number that the whole of s is (decimal digits only), if it is at most max.
 * Returns 0, -EINVAL (not a number) or -ERANGE.
 */
int text_to_uint(const char *s, uint64_t max, uint64_t *ret) must_check;

/* "500ms", "10s", "2m", "1h" or a number of seconds, in nanoseconds. Returns 0, -EINVAL or -ERANGE.
 */
int text_to_time(const char *s, uint64_t *ret_nanoseconds) must_check;

/* A number of bytes, with K, M or G behind it for powers of 1024. Returns likewise. */
int text_to_size(const char *s, uint64_t *ret) must_check;

/* Whether word is one of the n strings. */
bool text_is_among(const char *word, const char *const *words, size_t n);
#define is_one_of(word, words) text_is_among(word, words, array_length(words))

/*
 * Cuts the next word off *list, whose words are separated by commas and perhaps blanks; NULL when
 * none is left.
 */
char *text_next_word(char **list);

/*
 * Whether the whole of s fits the pattern, in which '*' stands for any text and '?' for any byte.
 * Not fnmatch(3): its classes of wide characters are 16 kB of a static binary.
 */
bool text_matches(const char *s, const char *pattern);

/* What stands behind the last slash of a path. */
const char *text_last_part(const char *path);

/* Among the n strings, the one nearest to word; NULL when none is near enough to be meant. */
const char *text_nearest(const char *word, const char *const *words, size_t n);
