/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as /proc/self/mountinfo (libFuzzer). What is accepted is in the table as it stands in
 * the text: written as the kernel writes it, it is read again as the same; and every row is found
 * by its number and by its path. What the rows say of each other is asked for all of them.
 */
#include <stdlib.h>
#include <string.h>

#include "facts/settle.h"
#include "helpers/fuzz.h"

enum { TEXT = 1 << 16 };

/* As the kernel does it (fs/seq_file.c). */
static void add_escaped(struct text *t, const char *s)
{
	for (; *s; s++)
		if (strchr(" \t\n\\", *s))
			text_add(t, "\\%03o", (unsigned char)*s);
		else
			text_add_bytes(t, s, 1);
}

static void add_row(struct text *t, const struct mount *m)
{
	text_add(t, "%llu %llu %s ", (unsigned long long)m->id, (unsigned long long)m->parent,
		 m->device);
	add_escaped(t, m->root);
	text_add(t, " ");
	add_escaped(t, m->point);
	text_add(t, " %s%s%s%s %s- ", m->read_only ? "ro" : "rw", m->noexec ? ",noexec" : "",
		 m->nosuid ? ",nosuid" : "", m->nodev ? ",nodev" : "",
		 m->shared ? "shared:1 " : "");
	add_escaped(t, m->fstype);
	text_add(t, "  ");
	text_add_string(t, m->super_options);
	text_add(t, "\n");
}

static void must_be_same(const struct mount *x, const struct mount *y)
{
	must(x->id == y->id && x->parent == y->parent);
	must(strcmp(x->device, y->device) == 0 && strcmp(x->root, y->root) == 0);
	must(strcmp(x->point, y->point) == 0 && strcmp(x->fstype, y->fstype) == 0);
	must(strcmp(x->super_options, y->super_options) == 0);
	must(x->read_only == y->read_only && x->super_read_only == y->super_read_only);
	must(x->noexec == y->noexec && x->nosuid == y->nosuid && x->nodev == y->nodev);
	must(x->shared == y->shared);
}

/* Whatever is written from a table is a text that gives the same table. */
static void must_be_read_again(const struct mount_table *t, struct arena *a)
{
	static char buf[TEXT];
	struct mount_table again;
	struct text text;
	size_t line;

	text_init(&text, buf, sizeof(buf));
	for (size_t i = 0; i < t->count; i++)
		add_row(&text, &t->rows[i]);
	if (text.cut)
		return;
	must(mounts_parse(buf, a, &again, &line) == 0 && again.count == t->count);
	for (size_t i = 0; i < t->count; i++)
		must_be_same(&t->rows[i], &again.rows[i]);
}

static void ask_of_path(const struct mount_table *t, const struct mount *m)
{
	const struct mount *found = mounts_by_path(t, m->point), *way;

	must(m->covered || mount_is_over_root(t, m) ||
	     (found && strcmp(found->point, m->point) == 0));
	must(!found || (!found->covered && path_is_beneath(m->point, found->point)));
	must(!m->twin || mount_is_open_twin(m, m->twin));
	found = mounts_open_elsewhere(t, m, m->point);
	must(!found || !found->read_only);
	way = mount_way_open(t, m);
	must(!way || !way->read_only);
}

static void ask_all(const struct mount_table *t, const char *text, size_t size)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct mount *m = &t->rows[i], *found = mounts_by_id(t, m->id);

		must(m->point >= text && m->point + strlen(m->point) <= text + size);
		must(found && found->id == m->id);
		if (m->point[0] == '/')
			ask_of_path(t, m);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	size_t length = strnlen((const char *)data, size), line = 0;
	char *text = input_text(&in);
	struct mount_table t = {0};
	struct arena a = {0};

	if (mounts_parse(text, &a, &t, &line) < 0) {
		must(line > 0);
	} else {
		must_be_read_again(&t, &a);
		must(mounts_settle(&t, mounts_top_at_root(&t), &a) == 0);
		ask_all(&t, text, length);
	}
	arena_unmap(&a);
	free(text);
	return 0;
}
