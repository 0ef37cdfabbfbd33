// SPDX-License-Identifier: MIT
/* What options do not go with each other. */
#include <errno.h>

#include "options/values.h"

int option_check_combination(const struct policy *p, struct text *err)
{
	if (p->landlock == LANDLOCK_OFF && policy_names_reach(p)) {
		text_add(err, "--listen, --connect and --connect-unix need Landlock: remove "
			      "--landlock=off");
		return -EINVAL;
	}
	if (p->learn && (p->mode != MODE_RUN || p->exec || p->root)) {
		text_add(err, "--learn needs a program that is started and supervised: remove "
			      "--exec, --root, or the other mode");
		return -EINVAL;
	}
	if (policy_is_lazy(p) && (p->exec || p->learn || p->watch == WATCH_OFF)) {
		text_add(err, "--verify=lazy and --scan=lazy look while the program runs: they do "
			      "not go with --exec, --learn or --watch=off");
		return -EINVAL;
	}
	if (p->mode == MODE_SEAL && p->program) {
		text_add(err, "--seal starts nothing: remove the program");
		return -EINVAL;
	}
	if (p->root && p->mode != MODE_CHECK && p->mode != MODE_SEAL) {
		text_add(err, "--root=");
		text_add_name(err, p->root);
		text_add(err, " inspects an image that does not run: add --check");
		return -EINVAL;
	}
	if (p->mode == MODE_TOOL && p->program) {
		text_add(err, "--probe, --sleep and --kill start no program: remove ");
		text_add_name(err, p->program[0]);
		return -EINVAL;
	}
	if (p->mode == MODE_RUN && !p->program) {
		text_add(err, "which program? granit [OPTION]... -- PROGRAM [ARG]...; --help says "
			      "more");
		return -EINVAL;
	}
	return 0;
}
