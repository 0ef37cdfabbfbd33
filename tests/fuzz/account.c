/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as /etc/passwd and /etc/group of an image, and as the value of --user (libFuzzer). Who
 * is found is one that may be set, whom a line names or the number itself is; a home is a path that
 * stands in the file.
 *
 * The input: the value and a NUL, /etc/passwd and a byte 0xff, /etc/group.
 */
#include <stdlib.h>
#include <string.h>

#include "facts/account.h"
#include "helpers/fuzz.h"

enum { MARK = 0xff };

struct files {
	char *spec, *passwd, *group;
	size_t passwd_size, group_size;
};

/* Whether a line of the text begins with the name and a colon, or is the name alone. */
static bool has_line_of(const char *text, size_t size, const char *name, size_t len)
{
	const char *end = text + size;

	for (const char *line = text; line < end; line++) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		size_t n = (size_t)((stop ? stop : end) - line);

		if (n >= len && memcmp(line, name, len) == 0 &&
		    (n == len || strchr(":\r", line[len])))
			return true;
		line += n;
	}
	return false;
}

static void must_be_found(const struct files *f, const struct account *found)
{
	size_t len = strcspn(f->spec, ":");

	must(found->uid != (uid_t)-1 && found->gid != (gid_t)-1);
	must(found->groups_count <= ACCOUNT_GROUPS);
	for (size_t i = 0; i < found->groups_count; i++) {
		must(found->groups[i] != (gid_t)-1);
		for (size_t k = 0; k < i; k++)
			must(found->groups[i] != found->groups[k]);
	}
	must(len > 0);
	if (strspn(f->spec, "0123456789") >= len)
		must(found->uid == strtoull(f->spec, NULL, 10));
	else
		must(has_line_of(f->passwd, f->passwd_size, f->spec, len));
	must(!found->gid_assumed || (found->gid == found->uid && !f->spec[len]));
	if (found->home)
		must(found->home[0] == '/' &&
		     lies_in(found->home, strlen(found->home), f->passwd, f->passwd_size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	struct files f = {.spec = input_text(&in)};
	struct account found;
	struct arena a = {0};
	char buf[1024];
	struct text err;

	f.passwd = input_part(&in, MARK, &f.passwd_size);
	f.group = input_part(&in, MARK, &f.group_size);
	file_given("/etc/passwd", f.passwd, f.passwd_size, 0644);
	if (f.group_size)
		file_given("/etc/group", f.group, f.group_size, 0644);
	text_init(&err, buf, sizeof(buf));
	if (account_resolve(f.spec, -1, &a, &found, &err) < 0) {
		must_be_a_line(&err);
	} else {
		must(!err.len);
		must_be_found(&f, &found);
	}
	arena_unmap(&a);
	files_forget();
	free(f.spec);
	free(f.passwd);
	free(f.group);
	return 0;
}
