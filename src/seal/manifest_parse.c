// SPDX-License-Identifier: MIT
/*
 * Parses a manifest, which anybody may have written: reads nothing beyond the text, allocates
 * nothing, takes one pass.
 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "seal/escape.h"
#include "seal/manifest.h"
#include "sys/span.h"

static const char header[] = "#mtree\n";

const char *const seal_type_names[SEAL_TYPES] = {
	[SEAL_FILE] = "file",     [SEAL_DIR] = "dir",     [SEAL_LINK] = "link",
	[SEAL_CHAR] = "char",     [SEAL_BLOCK] = "block", [SEAL_FIFO] = "fifo",
	[SEAL_SOCKET] = "socket",
};

enum seal_type seal_type_of(unsigned int mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return SEAL_DIR;
	case S_IFLNK:
		return SEAL_LINK;
	case S_IFCHR:
		return SEAL_CHAR;
	case S_IFBLK:
		return SEAL_BLOCK;
	case S_IFIFO:
		return SEAL_FIFO;
	case S_IFSOCK:
		return SEAL_SOCKET;
	default:
		return SEAL_FILE;
	}
}

/* ---- one value */

/* The whole of s as a number: digits of this base only, at most max. */
static bool parse_number(struct span v, unsigned int base, uint64_t max, uint64_t *ret)
{
	uint64_t n = 0;

	for (size_t i = 0; i < v.len; i++) {
		unsigned int digit = (unsigned int)(unsigned char)v.at[i] - '0';

		if (digit >= base || n > (max - digit) / base)
			return false;
		n = n * base + digit;
	}
	*ret = n;
	return v.len > 0;
}

static bool parse_number32(struct span v, unsigned int base, uint32_t max, uint32_t *ret)
{
	uint64_t n;

	if (!parse_number(v, base, max, &n))
		return false;
	*ret = (uint32_t)n;
	return true;
}

static bool parse_type(struct seal_entry *e, struct span v)
{
	for (size_t i = 0; i < SEAL_TYPES; i++) {
		if (!span_is(v, seal_type_names[i]))
			continue;
		e->type = (enum seal_type)i;
		return true;
	}
	return false;
}

static bool parse_mode(struct seal_entry *e, struct span v)
{
	return parse_number32(v, 8, 07777, &e->mode);
}

static bool parse_uid(struct seal_entry *e, struct span v)
{
	return parse_number32(v, 10, UINT32_MAX, &e->uid);
}

static bool parse_gid(struct seal_entry *e, struct span v)
{
	return parse_number32(v, 10, UINT32_MAX, &e->gid);
}

static bool parse_size(struct seal_entry *e, struct span v)
{
	return parse_number(v, 10, INT64_MAX, &e->size);
}

static bool parse_link(struct seal_entry *e, struct span v)
{
	char target[PATH_MAX];

	e->link = v.at;
	e->link_len = (uint32_t)v.len;
	return v.len > 0 && unescape(v.at, v.len, target, sizeof(target)) == 0;
}

static bool parse_device(struct seal_entry *e, struct span v)
{
	struct span native = span_cut(&v, ','), major = span_cut(&v, ',');

	return span_is(native, "native") && parse_number32(major, 10, UINT32_MAX, &e->major) &&
	       parse_number32(v, 10, UINT32_MAX, &e->minor);
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool parse_digest(struct seal_entry *e, struct span v)
{
	if (v.len != 2 * (size_t)DIGEST_SIZE)
		return false;
	for (size_t i = 0; i < DIGEST_SIZE; i++) {
		int high = hex_digit(v.at[2 * i]), low = hex_digit(v.at[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		e->digest[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

/* ---- one line */

enum {
	KEY_TYPE = 1 << 0,
	KEY_MODE = 1 << 1,
	KEY_UID = 1 << 2,
	KEY_GID = 1 << 3,
	KEY_SIZE = 1 << 4,
	KEY_LINK = 1 << 5,
	KEY_DEVICE = 1 << 6,
	KEY_DIGEST = 1 << 7,
	KEYS_OF_ALL = KEY_TYPE | KEY_MODE | KEY_UID | KEY_GID,
};

static const struct keyword {
	const char *name;
	bool (*set)(struct seal_entry *e, struct span v);
	unsigned int bit;
} keywords[] = {
	{"type", parse_type, KEY_TYPE},       {"mode", parse_mode, KEY_MODE},
	{"uid", parse_uid, KEY_UID},          {"gid", parse_gid, KEY_GID},
	{"size", parse_size, KEY_SIZE},       {"link", parse_link, KEY_LINK},
	{"device", parse_device, KEY_DEVICE}, {"sha256digest", parse_digest, KEY_DIGEST},
};

/* The keywords that a line of each type has: exactly these. */
static const unsigned int keys_of[SEAL_TYPES] = {
	[SEAL_FILE] = KEYS_OF_ALL | KEY_SIZE | KEY_DIGEST,
	[SEAL_DIR] = KEYS_OF_ALL,
	[SEAL_LINK] = KEYS_OF_ALL | KEY_LINK,
	[SEAL_CHAR] = KEYS_OF_ALL | KEY_DEVICE,
	[SEAL_BLOCK] = KEYS_OF_ALL | KEY_DEVICE,
	[SEAL_FIFO] = KEYS_OF_ALL,
	[SEAL_SOCKET] = KEYS_OF_ALL,
};

static const char *parse_keyword(struct seal_entry *e, struct span word, unsigned int *seen)
{
	const struct span name = span_cut(&word, '=');

	for (size_t i = 0; i < array_length(keywords); i++) {
		const struct keyword *k = &keywords[i];

		if (!span_is(name, k->name))
			continue;
		if (!k->set(e, word))
			return "a keyword has an invalid value";
		if (*seen & k->bit)
			return "a keyword is given twice";
		*seen |= k->bit;
		return NULL;
	}
	return "there is an unknown keyword";
}

/* ".", or "./" and parts that are neither empty nor "." nor "..". */
static const char *check_path(struct span path)
{
	static const char odd[] = "the line does not begin with a path as in ./usr/bin/app";
	char name[PATH_MAX];
	const char *part;

	if (unescape(path.at, path.len, name, sizeof(name)) < 0 || name[0] != '.')
		return odd;
	if (name[1] == '\0')
		return NULL;
	for (part = name + 1; *part == '/'; part += 1 + strcspn(part + 1, "/")) {
		size_t len = strcspn(part + 1, "/");

		if (len == 0 || len > NAME_MAX || (len == 1 && part[1] == '.') ||
		    (len == 2 && part[1] == '.' && part[2] == '.'))
			return odd;
	}
	return *part ? odd : NULL;
}

static const char *parse_entry(struct span line, struct seal_entry *e)
{
	struct span path = span_cut(&line, ' ');
	const char *why = check_path(path);
	unsigned int seen = 0;

	*e = (struct seal_entry){.path = path.at, .path_len = (uint32_t)path.len};
	while (!why && line.len > 0)
		why = parse_keyword(e, span_cut(&line, ' '), &seen);
	/* A blank at the end of a line is not followed by a word. */
	if (!why && line.at[-1] == ' ')
		why = "it ends with a blank";
	if (!why && (!(seen & KEY_TYPE) || seen != keys_of[e->type]))
		why = "it lacks keywords of its type";
	return why;
}

/* ---- the text */

size_t manifest_lines(const char *text, size_t size)
{
	size_t n = 0;

	for (const char *end = text + size; (text = memchr(text, '\n', (size_t)(end - text)));
	     text++)
		n++;
	return n;
}

int manifest_compare(const char *a, size_t a_len, const char *b, size_t b_len)
{
	int r = memcmp(a, b, a_len < b_len ? a_len : b_len);

	return r ? r : (a_len > b_len) - (a_len < b_len);
}

const struct seal_entry *manifest_find(const struct seal_entry *entries, size_t count,
				       const char *path, size_t len)
{
	size_t low = 0;

	while (low < count) {
		size_t mid = low + (count - low) / 2;
		int r = manifest_compare(entries[mid].path, entries[mid].path_len, path, len);

		if (r == 0)
			return &entries[mid];
		if (r < 0)
			low = mid + 1;
		else
			count = mid;
	}
	return NULL;
}

static const char *parse_entries(const char *text, const char *end, struct seal_entry *entries,
				 size_t room, size_t *count)
{
	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		struct seal_entry *e = &entries[*count];
		const struct seal_entry *last = *count ? e - 1 : NULL;
		const char *why;

		if (!stop)
			return "it does not end with a newline";
		if (*count == room)
			return "there are too many names";
		why = parse_entry((struct span){text, (size_t)(stop - text)}, e);
		if (why)
			return why;
		if (last && manifest_compare(last->path, last->path_len, e->path, e->path_len) >= 0)
			return "it is not sorted by bytes, or a name occurs twice";
		++*count;
		text = stop + 1;
	}
	return NULL;
}

int manifest_parse(const char *text, size_t size, struct seal_entry *entries, size_t room,
		   size_t *ret_count, struct manifest_error *error)
{
	const size_t start = sizeof(header) - 1;
	size_t count = 0;

	*error = (struct manifest_error){0};
	if (size > MANIFEST_MOST)
		error->why = "it is larger than 64 MB";
	else if (size < start || memcmp(text, header, start) != 0)
		*error = (struct manifest_error){1, "its first line is not #mtree"};
	if (error->why)
		return -EINVAL;
	error->why = parse_entries(text + start, text + size, entries, room, &count);
	if (error->why) {
		error->line = count + 2;
		return -EINVAL;
	}
	if (count == 0 || entries[0].path_len != 1 || entries[0].type != SEAL_DIR) {
		*error = (struct manifest_error){.why = "its first name is not the directory ."};
		return -EINVAL;
	}
	*ret_count = count;
	return 0;
}
