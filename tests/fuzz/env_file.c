/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the file of --env-file (libFuzzer). A variable that comes out of it is a line of
 * it, has a name without blanks, is UTF-8, and comes once; a message tells no value.
 *
 * The input is the file.
 */
#include <stdlib.h>
#include <string.h>

#include "helpers/fuzz.h"
#include "launch/prepare.h"

static void must_be_utf8(const char *s)
{
	for (size_t left = strlen(s), n; left; s += n, left -= n) {
		n = text_utf8_length(s, left);
		must(n > 0 && n <= left);
	}
}

/* Those that were there before come first. */
static void must_be_variables(const struct variables *v, char *const *before, struct input file)
{
	must(v->count <= v->most && !v->list[v->count]);
	for (size_t i = 0; i < v->count; i++) {
		const char *s = v->list[i];
		size_t n = strcspn(s, "=");

		must(s[n] == '=' && n > 0 && strcspn(s, " \t\v\f\r") >= n);
		for (size_t k = 0; k < i; k++)
			must(strncmp(s, v->list[k], n + 1) != 0);
		if (s == before[0])
			continue;
		must(strlen(s) < VARIABLE_BYTES && lies_in(s, strlen(s), file.at, file.left));
		must(strncmp(s, "LD_PRELOAD=", 11) != 0 || !strchr(s, '/'));
		must_be_utf8(s);
	}
}

/* All of a message is granit's own, but the path. */
static void must_tell_no_value(const struct text *err)
{
	static const char start[] = "--env-file=/env: ", of_line[] = "--env-file=/env:";

	must_be_a_line(err);
	must(strncmp(err->buf, start, strlen(start)) == 0 ||
	     (strncmp(err->buf, of_line, strlen(of_line)) == 0 &&
	      err->buf[strlen(of_line) + strspn(err->buf + strlen(of_line), "0123456789")] == ':'));
	must(!strchr(err->buf, '\\'));
	for (const char *s = err->buf; *s; s++)
		must((unsigned char)*s < 0x80);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char home[] = "HOME=/";
	static struct policy policy;
	char *before[] = {home, NULL}, buf[1024];
	struct wanted wanted = {.env_files = {"/env"}, .env_files_count = 1};
	const struct mount_table none = {0};
	struct variables v;
	struct arena a = {0};
	struct text err;

	policy.wanted = &wanted;
	for (size_t i = 0; i < POLICY_CHECKS; i++)
		policy.levels[i] = (struct levels){LEVEL_FAIL, LEVEL_FAIL};
	policy.harden = true;
	text_init(&err, buf, sizeof(buf));
	file_given("/env", data, size, 0644);
	must(variables_copy(before, &a, &v) == 0);
	if (env_files_read(&policy, &none, &a, &v, &err) < 0)
		must_tell_no_value(&err);
	else
		must_be_variables(&v, before, (struct input){data, size});
	arena_unmap(&a);
	files_forget();
	return 0;
}
