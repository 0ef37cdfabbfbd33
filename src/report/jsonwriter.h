/* SPDX-License-Identifier: MIT */
/*
 * JSON (RFC 8259) as text: commas, quotes and escapes are handled here and nowhere else. Values are
 * copied into the text.
 */
#pragma once

#include <stdint.h>

#include "sys/text.h"

struct json {
	struct text *out;
	bool comma; /* the next value follows another one */
};

/* key is NULL in an array, and for the document itself; bracket is '{' or '['. */
void json_open(struct json *j, const char *key, char bracket);
void json_close(struct json *j, char bracket);

/* value is bytes: those that are no UTF-8 become \ooo, which JSON could not hold; characters that
 * would drive what shows the document become \u escapes. NULL is null. */
void json_string(struct json *j, const char *key, const char *value);
/* Its first len bytes. */
void json_string_n(struct json *j, const char *key, const char *value, size_t len);
/* A string of pieces, none of which ends within a character. */
void json_begin_string(struct json *j, const char *key);
void json_add_piece(struct json *j, const char *piece, size_t len);
void json_end_string(struct json *j);
void json_number(struct json *j, const char *key, uint64_t value);
void json_bool(struct json *j, const char *key, bool value);
