// SPDX-License-Identifier: MIT
/* Tells what the container runs in: the engine, for hints, and a sandbox with a kernel of its own.
 */
#include "posture/platform.h"

#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

#include "sys/variables.h"

/* ---- gVisor */

static bool has_own_parent(const struct mount_table *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->rows[i].id == t->rows[i].parent)
			return true;
	return false;
}

/*
 * The one build that gVisor claims to be, in every release of its own: the first part of Linux that
 * it was written after. Neither an image nor a deployer can set it.
 */
static bool has_gvisor_version(void)
{
	struct utsname kernel;

	return uname(&kernel) == 0 &&
	       strcmp(kernel.version, "#1 SMP Sun Jan 10 15:06:54 PST 2016") == 0;
}

bool is_in_gvisor(const struct root_facts *root, const struct mount_table *t)
{
	return (root->is_flag_untold || has_own_parent(t)) && has_gvisor_version();
}

/* ---- the engine */

void posture_look_for_runtime(const struct policy *p, struct posture *s)
{
	if (!p->root && s->paths[PATH_DOCKERENV].error == ENODATA)
		known_paths_look(-1, PATH_DOCKERENV, PATH_CONTAINERENV, s->paths);
}

enum runtime posture_runtime(const struct posture *s)
{
	const char *engine = s->environment ? variable_value(s->environment, "container") : NULL;

	if (s->environment && variable_value(s->environment, "KUBERNETES_SERVICE_HOST"))
		return RUNTIME_KUBERNETES;
	/* podman sets container=podman; its file in /run is gone where a tmpfs lies on /run. */
	if (s->paths[PATH_CONTAINERENV].error == 0 || (engine && strcmp(engine, "podman") == 0))
		return RUNTIME_PODMAN;
	if (s->paths[PATH_DOCKERENV].error == 0)
		return RUNTIME_DOCKER;
	return RUNTIME_UNKNOWN;
}

const char *runtime_name(enum runtime r)
{
	static const char *const names[] = {
		[RUNTIME_UNKNOWN] = NULL,
		[RUNTIME_DOCKER] = "Docker",
		[RUNTIME_PODMAN] = "podman",
		[RUNTIME_KUBERNETES] = "Kubernetes",
	};

	return names[r];
}
