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

/* What runtimes put into the environment of what they start; the first that fits counts. */
static const struct {
	enum runtime runtime;
	const char *variable;
	const char *value; /* NULL: any */
} variable_marks[] = {
	{RUNTIME_KUBERNETES, "KUBERNETES_SERVICE_HOST", NULL},
	/* The agent sets the address for every task since 1.39, and says on Fargate where it runs:
	   docs.aws.amazon.com, "Amazon ECS environment variables". */
	{RUNTIME_FARGATE, "AWS_EXECUTION_ENV", "AWS_ECS_FARGATE"},
	{RUNTIME_ECS, "ECS_CONTAINER_METADATA_URI_V4", NULL},
	{RUNTIME_ECS, "ECS_CONTAINER_METADATA_URI", NULL},
	/* cloud.google.com, "Container runtime contract". */
	{RUNTIME_CLOUD_RUN, "K_REVISION", NULL},
	/* systemd.io/CONTAINER_INTERFACE */
	{RUNTIME_PODMAN, "container", "podman"},
	{RUNTIME_LXC, "container", "lxc"},
	{RUNTIME_NSPAWN, "container", "systemd-nspawn"},
};

enum runtime posture_runtime(const struct posture *s)
{
	for (size_t i = 0; s->environment && i < array_length(variable_marks); i++) {
		const char *wanted = variable_marks[i].value,
			   *value = variable_value(s->environment, variable_marks[i].variable);

		if (value && (!wanted || strcmp(value, wanted) == 0))
			return variable_marks[i].runtime;
	}
	/* podman's file in /run is gone where a tmpfs lies on /run; its variable is not. */
	if (s->paths[PATH_CONTAINERENV].error == 0)
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
		[RUNTIME_ECS] = "Amazon ECS",
		[RUNTIME_FARGATE] = "AWS Fargate",
		[RUNTIME_CLOUD_RUN] = "Cloud Run",
		[RUNTIME_LXC] = "LXC",
		[RUNTIME_NSPAWN] = "systemd-nspawn",
	};

	return names[r];
}

bool posture_is_host(const struct posture *s)
{
	static const enum namespace_kind kinds[] = {NS_PID, NS_IPC, NS_UTS, NS_NET, NS_CGROUP};

	for (size_t i = 0; i < array_length(kinds); i++)
		if (s->namespaces[kinds[i]].is != NAMESPACE_HOST)
			return false;
	return posture_runtime(s) == RUNTIME_UNKNOWN;
}

/* ---- what is below and around it */

/* The mount on this path, if its source has this in its own path. */
static const struct mount *mount_from(const struct posture *s, const char *path, const char *part)
{
	const struct mount *m = mounts_by_path(&s->mounts, path);

	return m && strcmp(m->point, path) == 0 && strstr(m->root, part) ? m : NULL;
}

/* containers/storage, which podman shares with it, names its folders; a pod of Kubernetes' is none
 * of podman's. */
static bool is_by_crio(const struct posture *s)
{
	return posture_runtime(s) == RUNTIME_KUBERNETES &&
	       (mount_from(s, "/etc/hostname", "/overlay-containers/") ||
		mount_from(s, "/run/.containerenv", "/overlay-containers/"));
}

/* The host shares files with the virtual machine by virtiofs, under names that begin with the
 * container's id. */
static bool is_in_kata(const struct posture *s)
{
	const struct mount *m = mount_from(s, "/etc/hosts", "-hosts");

	return m && strcmp(m->fstype, "virtiofs") == 0;
}

void posture_add_platform(const struct posture *s, struct text *out)
{
	const char *name = runtime_name(posture_runtime(s));

	text_add(out, "%s", name ? name : "no known runtime");
	if (is_by_crio(s))
		text_add(out, ", by CRI-O");
	if (s->in_gvisor)
		text_add(out, ", in gVisor");
	if (is_in_kata(s))
		text_add(out, ", in a virtual machine of Kata Containers");
}
