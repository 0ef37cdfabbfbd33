/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a configuration file (libFuzzer). What is accepted and shown of it, written as a
 * file, is accepted too, and makes the same policy. Of a file that not everybody may read a message
 * shows nothing.
 *
 * The input: a byte, odd for a file that everybody may read; and the file.
 */
#include <stdlib.h>
#include <string.h>

#include "helpers/fuzz.h"
#include "options/parse.h"

enum { TEXT = 1 << 16 };

static int parse_file(const char *bytes, size_t size, bool is_open, struct arena *a,
		      struct policy *ret, struct text *err)
{
	static char name[] = "granit", verbose[] = "-v", config[] = "--config=/granit.conf",
		    end[] = "--", program[] = "/app";
	static char *words[] = {name, verbose, config, end, program, NULL};
	int r;

	file_given("/granit.conf", bytes, size, is_open ? 0644 : 0600);
	memset(ret, 0, sizeof(*ret));
	r = policy_parse(5, words, a, ret, err);
	files_forget();
	return r;
}

/* The lines of the file that count, without what lies between them. */
static bool write_file(const struct policy *p, struct text *t)
{
	for (size_t i = 0; i < p->settings_count; i++) {
		const struct setting *s = &p->settings[i];

		if (!s->line)
			continue;
		text_add_string(t, s->name);
		if (s->value) {
			text_add(t, " = ");
			text_add_string(t, s->value);
		}
		text_add(t, "\n");
	}
	return !t->cut && !p->settings_omitted;
}

#define same(member) same_bytes(&x->member, &y->member, sizeof(x->member))

static void must_have_same_lists(const struct policy *x, const struct policy *y)
{
	for (size_t i = 0; i < x->writable_count; i++)
		must(strcmp(x->writable[i].path, y->writable[i].path) == 0 &&
		     x->writable[i].exec == y->writable[i].exec);
	for (size_t i = 0; i < x->limits_count; i++)
		must(same(limits[i].resource) && same(limits[i].soft) && same(limits[i].hard));
}

static void must_be_same(const struct policy *x, const struct policy *y)
{
	must(same(mode) && same(profile) && same(levels) && same(target) && same(target_levels));
	must(same(path_levels_count) && same(writable_count) && same(exec_from.count));
	must(same(allow.count) && same(connect_unix.count) && same(scan) && same(scan_budget));
	must(same(manifest_keys_count) && same(verify) && same(harden) && same(takes_steps));
	must(same(keep_caps) && same(allow_new_privs) && same(allow_missing) && same(landlock));
	must(same(listen) && same(connect) && same(deny) && same(deny_named));
	must(same(limits_count));
	must(same(umask) && same(unset_env_count) && same(remap) && same(watch) && same(rewrite));
	must(same(parent_death) && same(grace) && same(stop_delay) && same(warn_orphans));
	must(same(expand) && same(timeout) && same(group) && same(settings_count));
	must_have_same_lists(x, y);
}

/* All of the two arenas that an input needs is one, as there is one of them at a time. */
static void must_be_read_again(const struct policy *p, struct arena *a)
{
	static struct policy again;
	static char file[TEXT];
	char buf[1024];
	struct text t, err;

	text_init(&t, file, sizeof(file));
	text_init(&err, buf, sizeof(buf));
	if (!write_file(p, &t))
		return;
	must(parse_file(file, t.len, true, a, &again, &err) == 0);
	must_be_same(p, &again);
}

/* What is a value's alone: all that granit writes itself is ASCII, and has no backslash. */
static void must_hide(const struct text *err)
{
	for (const char *s = err->buf; *s; s++)
		must((unsigned char)*s < 0x80 && *s != '\\');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct policy policy;
	struct input in = {data, size};
	bool is_open = input_byte(&in) & 1;
	char *file = input_bytes(&in, size, &size), buf[4096];
	struct arena a = {0};
	struct text err;

	text_init(&err, buf, sizeof(buf));
	if (parse_file(file, size, is_open, &a, &policy, &err) == 0) {
		must(!err.len && policy.config.path);
		must_be_read_again(&policy, &a);
	} else {
		must_be_a_line(&err);
		if (!is_open)
			must_hide(&err);
	}
	arena_unmap(&a);
	free(file);
	return 0;
}
