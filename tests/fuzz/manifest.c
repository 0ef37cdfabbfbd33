/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a manifest (libFuzzer). What the parser accepts has to be sorted, to be found, and
 * to come out of the writer so that it is accepted again.
 */
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

#include "seal/escape.h"
#include "seal/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_entry(const struct seal_entry *entries, size_t count, size_t i)
{
	const struct seal_entry *e = &entries[i];
	char name[PATH_MAX], again[ESCAPED_MOST];

	if (manifest_find(entries, count, e->path, e->path_len) != e)
		abort();
	if (unescape(e->path, e->path_len, name, sizeof(name)) < 0)
		abort();
	/* There is one way to write a name. */
	if (escape(name, again, sizeof(again)) != e->path_len ||
	    manifest_compare(again, e->path_len, e->path, e->path_len) != 0)
		abort();
	if ((e->type == SEAL_LINK) != (e->link != NULL))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	size_t room = manifest_lines(text, size), count = 0;
	struct seal_entry *entries = calloc(room + 1, sizeof(*entries));
	struct manifest_error error;

	if (!entries)
		return 0;
	if (manifest_parse(text, size, entries, room, &count, &error) == 0)
		for (size_t i = 0; i < count; i++)
			check_entry(entries, count, i);
	else if (!error.why)
		abort();
	free(entries);
	return 0;
}
