// SPDX-License-Identifier: MIT
/* Writes JSON into a text. */
#include "report/jsonwriter.h"

#include <string.h>

static void add_string(struct text *out, const char *s, size_t len)
{
	text_add(out, "\"");
	for (size_t i = 0; i < len;) {
		unsigned char c = (unsigned char)s[i];
		size_t n = text_utf8_length(s + i, len - i);

		if (n == 0)
			text_add(out, "\\\\%03o", c);
		else if (c == '"' || c == '\\')
			text_add(out, "\\%c", c);
		else if (c < ' ' || c == 0x7f)
			text_add(out, "\\u%04x", c);
		else
			text_add_bytes(out, s + i, n);
		i += n ? n : 1;
	}
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
