/* SPDX-License-Identifier: MIT */
/*
 * judge FILE...: the checks on made-up facts, without a container. FILEs hold one fact a line,
 * later ones add to or replace earlier ones; prints "ID VERDICT LEVEL" for each check, and what it
 * says below it. Linked with all of granit but main.c.
 *
 * judge --each FILE...: one after the other, each by itself; behind each, a line with its status.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checks/check.h"
#include "harden/harden.h"
#include "harden/landlock_rules.h"
#include "helpers/judge_facts.h"
#include "options/parse.h"

static struct arena arena;

static void print(const struct finding *f)
{
	static const char *const verdicts[] = {
		[VERDICT_OFF] = "off",         [VERDICT_NOT_APPLICABLE] = "n/a",
		[VERDICT_PASS] = "pass",       [VERDICT_VIOLATION] = "violation",
		[VERDICT_UNKNOWN] = "unknown",
	};

	printf("%s %s %s\n", f->check->id, verdicts[f->verdict], level_names[f->level]);
	for (size_t i = 0; i < f->count; i++)
		printf("    %s\n", f->items[i].text);
}

/* The verdict must not hang on whether somebody reads the words. */
static void judge_in_silence(const struct policy *p, size_t i, const struct finding *told)
{
	struct finding f;

	check_judge(p, &made.posture, i, NULL, &f);
	if (f.verdict != told->verdict || f.level != told->level || f.items)
		judge_fail("without words the verdict is another", f.check->id);
}

static void print_plan(const struct policy *p)
{
	const struct landlock_rule *rule;
	struct landlock_plan plan;
	char *path;

	if (landlock_plan(p, &made.posture, &arena, &plan) < 0)
		judge_fail("no memory", "plan");
	for (rule = plan.rules; rule; rule = rule->next)
		printf("give%s%s%s%s %s\n", rule->gifts & GIVE_WRITE ? " write" : "",
		       rule->gifts & GIVE_EXEC ? " exec" : "",
		       rule->gifts & GIVE_EXEC_TO_ENTRIES ? " entries" : "",
		       rule->gifts & GIVE_CONNECT ? " connect" : "", rule->path);
	while (*(path = part(&made.plan)))
		printf("entry %s %s\n", landlock_entry_gets_exec(&plan, path) ? "exec" : "-", path);
}

static int judge(char *const files[])
{
	static struct finding findings[POLICY_CHECKS];
	static char *program[] = {(char *)"/app", NULL};
	static struct policy policy;
	char why[512];
	struct text err;

	for (size_t i = 0; i < FILE_COUNT; i++)
		made.posture.files[i].error = ENOENT;
	for (size_t i = 0; i < PATH_COUNT; i++)
		made.posture.paths[i].error = ENOENT;
	for (size_t i = 0; i < hidden_paths_count; i++)
		made.posture.hidden[i].error = ENOENT;
	for (; *files; files++)
		facts_read(*files);
	made.options[made.option_count++] = (char *)"--check";
	text_init(&err, why, sizeof(why));
	if (policy_parse(made.option_count, made.options, &arena, &policy, &err) < 0)
		judge_fail("options", why);
	policy.program = program;
	policy.config = made.config;
	facts_settle(&arena);
	if (policy.user &&
	    account_resolve(policy.user, -1, &arena, &made.posture.account, &err) < 0)
		judge_fail("user", why);
	harden_foresee(&policy, &made.posture, &made.posture.resulting);
	if (made.plan) {
		print_plan(&policy);
		return 0;
	}
	checks_judge(&policy, &made.posture, &arena, findings);
	for (size_t i = 0; check_at(i); i++)
		print(&findings[i]);
	for (size_t i = 0; check_at(i); i++)
		judge_in_silence(&policy, i, &findings[i]);
	return 0;
}

/* The facts are one for all that judges: each has a process. */
static int judge_each(char **files)
{
	for (; *files; files++) {
		char *alone[] = {*files, NULL};
		int status = 0;
		pid_t pid;

		(void)fflush(stdout);
		pid = fork();
		if (pid == 0)
			exit(judge(alone));
		if (pid < 0 || waitpid(pid, &status, 0) != pid)
			judge_fail("no process", *files);
		printf("\n== %d\n", status);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--each") == 0)
		return judge_each(argv + 2);
	return judge(argv + 1);
}
