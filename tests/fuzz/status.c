/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as /proc/self/status (libFuzzer). What is accepted, written as the kernel writes it, is
 * read again as the same; what is not lacks a line that is named.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "facts/status.h"
#include "helpers/fuzz.h"

static const char *const cap_names[CAP_SET_COUNT] = {
	[CAP_SET_PERMITTED] = "CapPrm", [CAP_SET_INHERITABLE] = "CapInh",
	[CAP_SET_EFFECTIVE] = "CapEff", [CAP_SET_BOUNDING] = "CapBnd",
	[CAP_SET_AMBIENT] = "CapAmb",
};

static void add_ids(struct text *t, const char *name, const uint32_t ids[4])
{
	text_add(t, "%s:\t%u\t%u\t%u\t%u\n", name, ids[0], ids[1], ids[2], ids[3]);
}

static void write_status(struct text *t, const struct status *s)
{
	text_add(t, "Name:\tgranit\n");
	add_ids(t, "Uid", s->uid);
	add_ids(t, "Gid", s->gid);
	text_add(t, "Groups:\t%s4 \n", s->group_root ? "0 " : "");
	for (int i = 0; i < CAP_SET_COUNT; i++)
		text_add(t, "%s:\t%016" PRIx64 "\n", cap_names[i], s->caps[i]);
	if (s->no_new_privs >= 0)
		text_add(t, "NoNewPrivs:\t%d\n", s->no_new_privs);
	if (s->seccomp != -1)
		text_add(t, "Seccomp:\t%d\n", s->seccomp);
}

static void must_be_same(const struct status *x, const struct status *y)
{
	must(memcmp(x->caps, y->caps, sizeof(x->caps)) == 0);
	must(memcmp(x->uid, y->uid, sizeof(x->uid)) == 0);
	must(memcmp(x->gid, y->gid, sizeof(x->gid)) == 0);
	must(x->no_new_privs == y->no_new_privs && x->seccomp == y->seccomp);
	must(x->group_root == y->group_root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	char *text = input_text(&in), buf[1024];
	const char *missing = NULL;
	struct status s, again;
	struct text t;

	if (status_parse(text, &s, &missing) < 0) {
		must(missing && *missing);
	} else {
		text_init(&t, buf, sizeof(buf));
		write_status(&t, &s);
		must(!t.cut && status_parse(buf, &again, &missing) == 0);
		must_be_same(&s, &again);
	}
	free(text);
	return 0;
}
