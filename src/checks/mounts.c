// SPDX-License-Identifier: MIT
/* What is mounted beside the root: where it can be written, and what it shows of the host. */
#include <errno.h>
#include <string.h>

#include "checks/check.h"
#include "facts/anchors.h"
#include "facts/foreign.h"
#include "facts/sockets.h"

/* Kernel file systems that the host shares, outside of where a runtime mounts its own. */
static bool is_host_kernel_fs(const struct mount *m)
{
	static const char *const types[] = {"proc", "sysfs", "devtmpfs", "cgroup", "cgroup2"};

	return is_one_of(m->fstype, types);
}

/* ---- writable mounts */

/* Gone with the container, unless only a part of it is mounted: the rest then belongs to others. */
static bool is_transient(const struct mount *m)
{
	static const char *const types[] = {"tmpfs", "ramfs", "hugetlbfs", "devpts", "mqueue"};

	if (strcmp(m->root, "/") != 0)
		return false;
	return is_one_of(m->fstype, types);
}

static bool is_of_no_account(const struct posture *s, const struct mount *m)
{
	/* The root, sockets, devices and kernel file systems have checks of their own; a pipe
	 * keeps nothing. */
	return mount_is_root(&s->mounts, m) || m->kind == MOUNT_SOCKET || m->kind == MOUNT_OTHER ||
	       m->kind == MOUNT_PIPE || m->read_only || m->of_runtime || m->covered || m->elsewhere;
}

bool is_refused_as_writable(const struct policy *p, const struct mount *m)
{
	size_t row = (size_t)check_find("writable-mounts");
	const struct path_level *said = check_level_at(p, row, m->point);
	const struct levels *levels = &p->levels[row];

	if (said)
		return said->level == LEVEL_FAIL;
	return (is_transient(m) ? levels->lesser : levels->grave) == LEVEL_FAIL;
}

/* A read-only bind mount says nothing of what is mounted below its source, and comes along. */
static const char *way_below(const struct posture *s, const struct mount *m, struct finding *f)
{
	const struct mount *above = mounts_by_id(&s->mounts, m->parent);

	if (!above || !above->read_only || above->of_runtime || mount_is_root(&s->mounts, above))
		return "";
	return told(f,
		    "; that %s is read-only does not reach it: mount that with "
		    "bind-recursive=readonly (Docker), rro (podman), recursiveReadOnly: Enabled "
		    "(Kubernetes)",
		    shown(f, above->point));
}

void judge_writable_mounts(const struct policy *p, const struct posture *s, struct finding *f)
{
	const struct mount *m;

	if (found_trouble(f, &s->mounts_trouble))
		return;
	for (size_t at = 0; (m = mount_to_judge(s, &at)) != NULL;) {
		const char *point;

		if (is_of_no_account(s, m))
			continue;
		point = shown(f, m->point);
		if (path_is_declared(p, m->point, false))
			found_note(f, "%s (%s) is writable, as --writable says", point, m->fstype);
		else if (is_transient(m))
			found_lesser(f, m->point, "%s is a writable %s%s", point, m->fstype,
				     m->noexec ? "" : ", and programs can be started from it");
		else
			found_grave(f, m->point, "%s is writable%s: %s, mounted from %s%s", point,
				    is_host_kernel_fs(m) ? "" : " and outlives the container",
				    m->fstype, shown(f, m->root), way_below(s, m, f));
	}
}

void judge_writable_declared(const struct policy *p, const struct posture *s, struct finding *f)
{
	const char *who = p->user ? told(f, " as user %u", s->account.uid) : "";

	f->not_applicable = p->writable_count == 0;
	for (size_t i = 0; i < p->writable_count; i++) {
		const char *path = p->writable[i].path;
		int error = s->declared[i].error;

		if (error == ENOENT)
			found_grave(f, path, "--writable=%s: nothing is there", shown(f, path));
		else if (error == EROFS)
			found_grave(f, path, "--writable=%s: it is on a read-only mount",
				    shown(f, path));
		else if (error)
			found_grave(f, path, "--writable=%s: cannot write there%s: %s",
				    shown(f, path), who, strerror(error));
	}
}

/* ---- sensitive mounts */

/* What it is called in the container counts too: it lies where clients look for a runtime. */
static void judge_socket(const struct mount *m, struct finding *f)
{
	const char *point = shown(f, m->point), *root = shown(f, m->root);

	if (is_control_socket(m->root) || is_control_socket(m->point))
		found_grave(f, m->point,
			    "%s is a socket that controls the host (%s there): anyone who connects "
			    "is root on the host, read-only or not",
			    point, root);
	else
		found_lesser(f, m->point,
			     "%s is a socket from outside (%s): what listens there is not known",
			     point, root);
}

/*
 * Host directories (CIS Docker Benchmark 5.6, and those that container escapes have used). EXACT:
 * what lies below is data, and judged as any volume.
 */
static const struct {
	const char *path;
	enum { WITH_ALL_BELOW, EXACT } reach;
} host_dirs[] = {
	{"/boot", WITH_ALL_BELOW},
	{"/dev", WITH_ALL_BELOW},
	{"/etc", WITH_ALL_BELOW},
	{"/bin", WITH_ALL_BELOW},
	{"/sbin", WITH_ALL_BELOW},
	{"/lib", WITH_ALL_BELOW},
	{"/lib64", WITH_ALL_BELOW},
	{"/proc", WITH_ALL_BELOW},
	{"/sys", WITH_ALL_BELOW},
	{"/usr", WITH_ALL_BELOW},
	{"/root", WITH_ALL_BELOW},
	{"/opt/cni", WITH_ALL_BELOW},
	{"/var/run", WITH_ALL_BELOW},
	{"/var/log", WITH_ALL_BELOW},
	{"/var/lib/kubelet", WITH_ALL_BELOW},
	{"/var/lib/docker", WITH_ALL_BELOW},
	{"/var/lib/containerd", WITH_ALL_BELOW},
	{"/var/lib/containers", WITH_ALL_BELOW},
	{"/var/lib/etcd", WITH_ALL_BELOW},
	{"/", EXACT},
	{"/home", EXACT},
	{"/run", EXACT},
	{"/run/systemd", WITH_ALL_BELOW},
	{"/run/udev", WITH_ALL_BELOW},
	{"/var", EXACT},
	{"/var/lib", EXACT},
};

/* Volumes that an engine or the kubelet keeps in its own directory, with what lies in them, are
 * ordinary volumes. A VOLUME of the image's is containerd's to keep, for a container of the
 * kubelet's. */
static const char *const engine_volumes[] = {
	"/var/lib/docker/volumes/*/_data",
	"/var/lib/containers/storage/volumes/*/_data",
	"/var/lib/kubelet/pods/*/volumes/*/*",
	"/var/lib/kubelet/pods/*/volume-subpaths/*/*/*",
	"/var/lib/containerd/io.containerd.grpc.v1.cri/containers/*/volumes/*",
};

/* Asked of a path on the host: in a mount's root "/volumes/x/_data" may be the way to all that a
 * host has, where that is a container itself (kind, minikube, k3d). */
static bool is_engine_volume(const char *host)
{
	for (size_t i = 0; i < array_length(engine_volumes); i++)
		if (path_behind_pattern(host, engine_volumes[i]))
			return true;
	return false;
}

/* Whether path ends so: the directory of an engine's volume itself, wherever that keeps them. */
static bool is_top_of_volume(const char *path)
{
	static const char *const ends[] = {
		"/volumes/*/_data",
		"/pods/*/volumes/*/*",
		"/pods/*/volume-subpaths/*/*/*",
		"/io.containerd.grpc.v1.cri/containers/*/volumes/*",
	};

	for (const char *at = path; at; at = strchr(at + 1, '/'))
		for (size_t i = 0; i < array_length(ends); i++) {
			const char *rest = path_behind_pattern(at, ends[i]);

			if (rest && !*rest)
				return true;
		}
	return false;
}

static bool is_host_dir(const char *path)
{
	for (size_t i = 0; i < array_length(host_dirs); i++)
		if (host_dirs[i].reach == EXACT ? strcmp(path, host_dirs[i].path) == 0
						: path_is_beneath(path, host_dirs[i].path))
			return true;
	return false;
}

/* What of the host's it is, by what lies in it; NULL: that does not show. */
static const char *part_by_content(const struct mount *m)
{
	static const char *const parts[PART_COUNT] = {
		[PART_ROOT] = "the root of a whole system",
		[PART_ETC] = "an /etc, with its accounts",
		[PART_RUN] = "a /run, with its device manager",
		[PART_KUBELET] = "a kubelet's directory",
	};

	if (is_host_kernel_fs(m))
		return m->fstype;
	/* An image has these, and a new volume takes over what the image has there. */
	if ((m->part == PART_ETC || m->part == PART_ROOT) &&
	    (m->host ? is_engine_volume(m->host) || is_top_of_volume(m->host)
		     : is_top_of_volume(m->root)))
		return NULL;
	return parts[m->part];
}

static void judge_volume(const struct policy *p, const struct mount *m, struct finding *f)
{
	const char *point = shown(f, m->point), *what = part_by_content(m);
	bool is_by_name = false;

	if (!what && m->host && !is_engine_volume(m->host) && is_host_dir(m->host)) {
		what = shown(f, m->host);
		is_by_name = true;
	}
	if (!what)
		return;
	if (m->read_only)
		found_lesser(f, m->point, "%s exposes a part of the host's system, read-only: %s",
			     point, what);
	else if (is_by_name && path_is_declared(p, m->point, false))
		found_note(f, "%s is %s on the host, and writable, as --writable says", point,
			   what);
	else
		found_grave(f, m->point, "%s is a part of the host's system, and writable: %s",
			    point, what);
}

/* A read-only mount does not keep anybody from writing to a device. */
static void judge_device_mount(const struct policy *p, const struct mount *m, struct finding *f)
{
	const char *point = shown(f, m->point);

	if (path_is_declared(p, m->point, false))
		found_note(f, "%s is a device from outside, as --writable says", point);
	else
		found_grave(f, m->point, "%s is a device from outside (%s %s)", point, m->fstype,
			    shown(f, m->root));
}

static void judge_mount(const struct policy *p, const struct posture *s, const struct mount *m,
			struct finding *f)
{
	if (m->look_error)
		found_unknown_at(f, m->point, "cannot look into %s: %s", shown(f, m->point),
				 strerror(m->look_error));
	else if (m->barred && !m->socket && (s->is_half_blind || !bars_hold(p, s)))
		found_unknown_at(f, m->point, "cannot look at all of %s: %s%s", shown(f, m->point),
				 strerror(EACCES), bar_remedy(p, s, EACCES));
	else if (m->kind == MOUNT_SOCKET || (m->kind == MOUNT_UNSEEN && is_control_socket(m->root)))
		judge_socket(m, f);
	else if (m->kind == MOUNT_OTHER && !m->of_runtime)
		judge_device_mount(p, m, f);
	else if (m->socket)
		found_grave(f, m->point, "%s holds a socket that controls the host: %s/%s",
			    shown(f, m->point), shown(f, m->point), m->socket);
	else if (!m->of_runtime)
		judge_volume(p, m, f);
}

void judge_sensitive_mounts(const struct policy *p, const struct posture *s, struct finding *f)
{
	const struct mount *m;

	if (found_trouble(f, &s->mounts_trouble))
		return;
	for (size_t at = 0; (m = mount_to_judge(s, &at)) != NULL;)
		if (!mount_is_root(&s->mounts, m) && !m->covered)
			judge_mount(p, s, m, f);
}

/* ---- properties of mounts */

/* A writable directory other than the runtime's own. */
static bool is_writable_volume(const struct posture *s, const struct mount *m)
{
	return !is_of_no_account(s, m) && m->kind != MOUNT_FILE;
}

/* A part of m that is declared with :exec; NULL: there is none. */
static const char *exec_beneath(const struct policy *p, const struct mount *m)
{
	for (size_t i = 0; i < p->writable_count; i++)
		if (p->writable[i].exec && path_is_beneath(p->writable[i].path, m->point))
			return p->writable[i].path;
	return NULL;
}

static void note_landlock(const struct policy *p, const struct mount *m, struct finding *f)
{
	const char *part = exec_beneath(p, m);

	if (part)
		found_note(f,
			   "%s is not noexec; Landlock starts no program there, but in %s, as "
			   "--writable=PATH:exec says",
			   shown(f, m->point), shown(f, part));
	else
		found_note(f, "%s is not noexec; Landlock starts no program there",
			   shown(f, m->point));
}

void judge_writable_exec(const struct policy *p, const struct posture *s, struct finding *f)
{
	const struct mount *m;
	bool is_root_user = s->resulting.uid[1] == 0;

	if (found_trouble(f, &s->mounts_trouble))
		return;
	for (size_t at = 0; (m = mount_to_judge(s, &at)) != NULL;) {
		bool is_dev = strcmp(m->point, "/dev") == 0;
		bool is_shm = strcmp(m->point, "/dev/shm") == 0;
		const char *from = exec_from_on_writable(p, &s->mounts, m);

		if (m->noexec || m->read_only || m->covered)
			continue;
		if (!is_dev && !is_shm && !from && !is_writable_volume(s, m))
			continue;
		if (from)
			found_grave(f, m->point,
				    "%s is writable, and --exec-from=%s starts programs from it",
				    shown(f, m->point), shown(f, from));
		else if (path_is_declared(p, m->point, true))
			found_note(f, "%s may hold programs, as --writable=PATH:exec says",
				   shown(f, m->point));
		else if (is_dev && !is_root_user)
			found_note(f, "only root can start programs from /dev");
		else if (posture_expects_landlock(p, s))
			note_landlock(p, m, f);
		else if (is_dev) /* a volume would be no fix, so it is not the subject */
			found_grave(f, NULL,
				    "/dev is writable for root, who can start programs from it: "
				    "run as another user (--user 65532:65532)");
		else
			found_grave(f, m->point,
				    "%s is writable, and programs can be started from it",
				    shown(f, m->point));
	}
}

void judge_writable_suid_dev(const struct policy *p, const struct posture *s, struct finding *f)
{
	const struct mount *m;

	(void)p;
	if (found_trouble(f, &s->mounts_trouble))
		return;
	for (size_t at = 0; (m = mount_to_judge(s, &at)) != NULL;) {
		if (!is_writable_volume(s, m) || (m->nosuid && m->nodev))
			continue;
		/* Neither a set-id file nor a device that the program makes is worth anything then.
		 */
		if (s->resulting.no_new_privs == 1)
			found_note(f, "%s is not%s%s; no_new_privs makes that harmless",
				   shown(f, m->point), m->nosuid ? "" : " nosuid",
				   m->nodev ? "" : " nodev");
		else
			found_grave(f, m->point, "%s is writable without%s%s", shown(f, m->point),
				    m->nosuid ? "" : " nosuid", m->nodev ? "" : " nodev");
	}
}

void judge_mounted_twice(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	if (found_trouble(f, &s->mounts_trouble))
		return;
	/* Either of the two may be the new one in a second look. */
	for (size_t i = 0; i < s->mounts.count; i++) {
		const struct mount *m = &s->mounts.rows[i];

		if (m->twin && !m->of_runtime && !(m->known && m->twin->known))
			found_grave(f, m->point,
				    "%s is read-only, but the same files can be written at %s",
				    shown(f, m->point), shown(f, m->twin->point));
	}
}

void judge_mount_propagation(const struct policy *p, const struct posture *s, struct finding *f)
{
	const struct mount *m;

	(void)p;
	if (found_trouble(f, &s->mounts_trouble))
		return;
	for (size_t at = 0; (m = mount_to_judge(s, &at)) != NULL;)
		if (m->shared)
			found_grave(f, m->point,
				    "%s is shared: what is mounted below it appears elsewhere too",
				    shown(f, m->point));
}

/* Directories in which images keep their programs. */
static bool hides_programs(const struct posture *s, const struct mount *m)
{
	static const char *const dirs[] = {"/bin", "/sbin", "/usr", "/lib", "/lib64"};

	for (size_t i = 0; i < array_length(dirs); i++)
		if (path_is_beneath(m->point, dirs[i]))
			return true;
	return strcmp(m->point, "/app") == 0 || strcmp(m->point, "/opt") == 0 ||
	       (s->app.path && path_is_beneath(s->app.path, m->point));
}

void judge_root_mount_shape(const struct policy *p, const struct posture *s, struct finding *f)
{
	const struct mount *m;

	(void)p;
	if (found_trouble(f, &s->mounts_trouble))
		return;
	for (size_t at = 0; (m = mount_to_judge(s, &at)) != NULL;) {

		if (mount_is_root(&s->mounts, m) || m->of_runtime)
			continue;
		if (mount_is_over_root(&s->mounts, m))
			found_grave(f, "/", "something else is mounted on / too (%s)", m->fstype);
		else if (m->kind == MOUNT_DIRECTORY && hides_programs(s, m))
			found_grave(f, m->point, "%s hides what the image has there (%s, %s)",
				    shown(f, m->point), m->fstype,
				    m->read_only ? "read-only" : "writable");
	}
}
