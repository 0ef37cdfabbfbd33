/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the values of options, and as the command line of process 1, which --check reads
 * (libFuzzer). What is accepted can be used: paths have one spelling, ports and signals exist,
 * lists have no more than they hold.
 *
 * The input: /proc/1/cmdline and a byte 0xff, then words, with a NUL between them.
 */
#include <stdlib.h>
#include <string.h>

#include "helpers/fuzz.h"
#include "options/parse.h"
#include "options/values.h"

enum { MARK = 0xff, WORDS = 16 };

static void must_be_paths(const struct path_list *list)
{
	must(list->count <= POLICY_PATHS);
	for (size_t i = 0; i < list->count; i++)
		must(option_is_normal_path(list->paths[i]));
}

/* 0 is one of them: that which the kernel chooses (ip(7)). */
static void must_be_ports(const struct ports *ports)
{
	must(ports->count <= POLICY_PORTS);
}

static void must_be_targets(const struct targets *t)
{
	must(t->count <= TARGETS_MOST);
	for (size_t i = 0; i < t->count; i++) {
		const struct target *one = &t->list[i];

		must(one->kind != TARGET_TCP ? one->path && *one->path == '/' : one->port > 0);
		must(!one->host || *one->host);
		must(!one->http || (one->page[0] == '/' && !strpbrk(one->page, " \r\n\t")));
	}
}

static void must_be_signals(const struct policy *p)
{
	for (size_t i = 0; i <= SIGNAL_LAST; i++)
		must(p->rewrite[i] >= SIGNAL_DROPPED && p->rewrite[i] <= SIGNAL_LAST);
	must(p->parent_death >= 0 && p->parent_death <= SIGNAL_LAST);
	must(p->tool.signal >= 0 && p->tool.signal <= SIGNAL_LAST);
}

static void must_be_levels(const struct policy *p)
{
	for (size_t i = 0; i < POLICY_CHECKS; i++)
		must(p->levels[i].grave < LEVEL_COUNT && p->levels[i].lesser < LEVEL_COUNT);
	must(p->path_levels_count <= POLICY_PATHS);
	for (size_t i = 0; i < p->path_levels_count; i++)
		must(p->path_levels[i].check < POLICY_CHECKS && p->path_levels[i].path[0] == '/');
}

static void must_be_usable(const struct policy *p)
{
	must(p->mode <= MODE_TOOL && p->profile < PROFILE_COUNT && p->target < PROFILE_COUNT);
	must(p->writable_count <= POLICY_PATHS);
	for (size_t i = 0; i < p->writable_count; i++)
		must(option_is_normal_path(p->writable[i].path) && p->writable[i].path[1]);
	must_be_paths(&p->exec_from);
	must_be_paths(&p->allow);
	must_be_paths(&p->connect_unix);
	must_be_ports(&p->listen);
	must_be_ports(&p->connect);
	must_be_targets(&p->tool.probes);
	if (p->wanted)
		must_be_targets(&p->wanted->waits);
	must_be_signals(p);
	must_be_levels(p);
	must(p->umask >= -1 && p->umask <= 0777 && p->deny <= DENY_ALL);
	must(p->limits_count <= POLICY_LIMITS && p->manifest_keys_count <= POLICY_KEYS);
	for (size_t i = 0; i < p->limits_count; i++)
		must(p->limits[i].soft <= p->limits[i].hard);
	must(p->unset_env_count <= POLICY_GLOBS);
	must(!p->manifest_digest.value || strlen(p->manifest_digest.value) == 64);
	must(p->grace >= -1 && p->stop_delay >= 0 && p->timeout >= -1 && p->tool.sleep >= 0);
}

/* It is granit, in the same container. */
static void give_process_1(const char *cmdline, size_t size)
{
	static const char comm[] = "granit\n", mountinfo[] = "24 1 0:22 / / rw - overlay o rw\n";

	file_given("1/comm", comm, sizeof(comm) - 1, 0444);
	file_given("self/comm", comm, sizeof(comm) - 1, 0444);
	file_given("1/mountinfo", mountinfo, sizeof(mountinfo) - 1, 0444);
	file_given("self/mountinfo", mountinfo, sizeof(mountinfo) - 1, 0444);
	file_given("1/cmdline", cmdline, size, 0444);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct policy policy;
	struct input in = {data, size};
	char name[] = "granit", config[] = "--config=none", buf[1 << 13];
	char *words[WORDS + 3] = {name, config}, *cmdline;
	size_t cmdline_size;
	int count = 2;
	struct arena a = {0};
	struct text err;

	cmdline = input_part(&in, MARK, &cmdline_size);
	while (in.left && count < WORDS + 2)
		words[count++] = input_text(&in);
	give_process_1(cmdline, cmdline_size);
	text_init(&err, buf, sizeof(buf));
	memset(&policy, 0, sizeof(policy));
	if (policy_parse(count, words, &a, &policy, &err) == 0)
		must_be_usable(&policy);
	else
		must_be_a_line(&err);
	must(!policy.believed.why_not || policy.believed.asked);
	files_forget();
	arena_unmap(&a);
	free(cmdline);
	while (count > 2)
		free(words[--count]);
	return 0;
}
