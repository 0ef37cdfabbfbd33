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

/*
 * value is bytes: those that are not UTF-8 become \ooo, since JSON could not hold them. NULL
 * becomes null.
 */
void json_string(struct json *j, const char *key, const char *value);
/* Its first len bytes. */
void json_string_n(struct json *j, const char *key, const char *value, size_t len);
void json_number(struct json *j, const char *key, uint64_t value);
void json_bool(struct json *j, const char *key, bool value);
