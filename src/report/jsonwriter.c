// SPDX-License-Identifier: MIT
/* Writes JSON into a text. */
#include "report/jsonwriter.h"

#include <string.h>

/* Beyond U+FFFF as a pair of surrogates. */
static void add_escape(struct text *out, uint32_t c)
{
	if (c > 0xffff) {
		text_add(out, "\\u%04x", 0xd7c0 + (c >> 10));
		c = 0xdc00 | (c & 0x3ff);
	}
	text_add(out, "\\u%04x", c);
}

static void add_characters(struct text *out, const char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		unsigned char c = (unsigned char)s[i];
		size_t n = text_utf8_length(s + i, len - i);

		if (n == 0)
			text_add(out, "\\\\%03o", c);
		else if (c == '"' || c == '\\')
			text_add(out, "\\%c", c);
		else if (text_is_obeyed(s + i, n))
			add_escape(out, text_code_point(s + i, n));
		else
			text_add_bytes(out, s + i, n);
		i += n ? n : 1;
	}
}

static void add_string(struct text *out, const char *s, size_t len)
{
	text_add(out, "\"");
	add_characters(out, s, len);
	text_add(out, "\"");
}

static void begin(struct json *j, const char *key)
{
	if (j->comma)
		text_add(j->out, ",");
	j->comma = true;
	if (!key)
		return;
	add_string(j->out, key, strlen(key));
	text_add(j->out, ":");
}

void json_open(struct json *j, const char *key, char bracket)
{
	begin(j, key);
	text_add_bytes(j->out, &bracket, 1);
	j->comma = false;
}

void json_close(struct json *j, char bracket)
{
	text_add(j->out, bracket == '{' ? "}" : "]");
	j->comma = true;
}

void json_string_n(struct json *j, const char *key, const char *value, size_t len)
{
	begin(j, key);
	add_string(j->out, value, len);
}

void json_string(struct json *j, const char *key, const char *value)
{
	begin(j, key);
	if (value)
		add_string(j->out, value, strlen(value));
	else
		text_add(j->out, "null");
}

void json_begin_string(struct json *j, const char *key)
{
	begin(j, key);
	text_add(j->out, "\"");
}

void json_add_piece(struct json *j, const char *piece, size_t len)
{
	add_characters(j->out, piece, len);
}

void json_end_string(struct json *j)
{
	text_add(j->out, "\"");
}

void json_number(struct json *j, const char *key, uint64_t value)
{
	begin(j, key);
	text_add(j->out, "%llu", (unsigned long long)value);
}

void json_bool(struct json *j, const char *key, bool value)
{
	begin(j, key);
	text_add(j->out, value ? "true" : "false");
}
