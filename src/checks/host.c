// SPDX-License-Identifier: MIT
/* What a program can reach of the kernel and the host: /proc, /sys, devices, tokens. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "checks/check.h"

/* ---- /proc and /sys */

void judge_proc_masked(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	for (size_t i = 0; i < hidden_paths_count; i++) {
		const struct hidden_facts *h = &s->hidden[i];
		const char *path = hidden_paths[i].path;

		if (h->error == ENOENT || h->error == ENOTDIR || h->is_null || h->is_empty)
			continue;
		if (h->error)
			found_unknown(f, "cannot look at %s: %s", path, strerror(h->error));
		else if (hidden_paths[i].grave)
			found_grave(f, path, "%s is not hidden", path);
		else
			found_lesser(f, path, "%s is not hidden", path);
	}
}

/* What is not there is not judged by the mount that it would be on. */
static bool place_is_open(const struct posture *s, enum kernel_place place, const char *fstype)
{
	return !s->absent[place] && is_writable_fs(s, kernel_places[place], fstype);
}

static void judge_place(const struct posture *s, struct finding *f, enum kernel_place place,
			const char *fstype)
{
	if (place_is_open(s, place, fstype))
		found_grave(f, kernel_places[place], "%s is writable", kernel_places[place]);
}

/* There is nothing to mask in gVisor: its runtime leaves /proc as it is. */
static bool is_of_sandbox(const struct posture *s, struct finding *f)
{
	if (s->in_gvisor)
		found_note(f, "in gVisor /proc/sys belongs to the sandbox, not to the host");
	return s->in_gvisor;
}

/*
 * podman's unmask=PATH opens one of them alone, and LXC masks but one. Their files are root's, of
 * the first user namespace: in another one nobody is that, as long as it is not mapped.
 */
static void judge_place_of_root(const struct posture *s, struct finding *f, enum kernel_place place)
{
	const char *path = kernel_places[place];

	if (s->namespaces[NS_USER].is != NAMESPACE_OWN)
		judge_place(s, f, place, "proc");
	else if (place_is_open(s, place, "proc"))
		found_lesser(f, path, "%s is writable, for the root of the host's user namespace",
			     path);
}

void judge_proc_readonly(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	if (found_trouble(f, &s->mounts_trouble) || is_of_sandbox(s, f))
		return;
	judge_place(s, f, PLACE_PROC_SYS, "proc");
	for (int place = PLACE_PROC_SYS + 1; place <= PLACE_PROC_IRQ; place++)
		judge_place_of_root(s, f, (enum kernel_place)place);
}

void judge_core_pattern(const struct policy *p, const struct posture *s, struct finding *f)
{
	const struct small_file_facts *core = &s->files[FILE_CORE_PATTERN];

	(void)p;
	if (!found_trouble(f, &s->mounts_trouble) && !is_of_sandbox(s, f)) {
		judge_place(s, f, PLACE_SYS_KERNEL, "proc");
		judge_place(s, f, PLACE_BINFMT_MISC, "proc");
		judge_place(s, f, PLACE_BINFMT_MISC, "binfmt_misc");
		judge_place(s, f, PLACE_SYSFS_KERNEL, "sysfs");
	}
	if (!core->error && core->text[0] == '|')
		found_note(f, "a crash starts a program on the host (core_pattern)");
}

void judge_sys_ro(const struct policy *p, const struct posture *s, struct finding *f)
{
	const struct mount *m;

	(void)p;
	if (found_trouble(f, &s->mounts_trouble))
		return;
	for (size_t at = 0; (m = mount_to_judge(s, &at)) != NULL;) {

		if (strcmp(m->fstype, "sysfs") == 0 && !m->read_only &&
		    path_is_beneath(m->point, "/sys") && !m->covered)
			found_grave(f, m->point, "%s is writable (sysfs)", shown(f, m->point));
	}
}

/*
 * What lies above the root of the container's own namespace is shown with "/..", and the root of
 * the host's with "/" (cgroup_namespaces(7)).
 */
static bool is_host_cgroup(const struct posture *s, const struct mount *m)
{
	return path_is_beneath(m->root, "/..") ||
	       (strcmp(m->root, "/") == 0 && s->namespaces[NS_CGROUP].is == NAMESPACE_HOST);
}

void judge_cgroup_ro(const struct policy *p, const struct posture *s, struct finding *f)
{
	const struct mount *m;

	(void)p;
	if (found_trouble(f, &s->mounts_trouble))
		return;
	for (size_t at = 0; (m = mount_to_judge(s, &at)) != NULL;) {

		if (m->read_only || m->covered)
			continue;
		/* Its groups belong to the host's root, but for some that were handed over. */
		if (m->elsewhere)
			found_lesser(f, m->point,
				     "%s is mounted writable (%s); its files belong to the host's "
				     "root, who is nobody in this container",
				     shown(f, m->point), m->fstype);
		else if (strcmp(m->fstype, "cgroup") == 0)
			found_grave(
				f, m->point,
				"%s is writable (cgroup v1): its release_agent runs on the host",
				shown(f, m->point));
		else if (strcmp(m->fstype, "cgroup2") == 0 && is_host_cgroup(s, m))
			found_grave(f, m->point,
				    "%s is writable (cgroup v2), with the groups of the host",
				    shown(f, m->point));
		else if (strcmp(m->fstype, "cgroup2") == 0)
			found_lesser(f, m->point, "%s is writable (cgroup v2)", shown(f, m->point));
	}
}

void judge_kernel_filesystems(const struct policy *p, const struct posture *s, struct finding *f)
{
	const struct mount *m;

	(void)p;
	if (found_trouble(f, &s->mounts_trouble))
		return;
	for (size_t at = 0; (m = mount_to_judge(s, &at)) != NULL;) {

		if (mount_shows_kernel(m))
			found_grave(f, m->point, "%s is the host's %s%s", shown(f, m->point),
				    m->fstype, m->read_only ? ", read-only" : ", writable");
	}
}

void judge_sysctls(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	f->not_applicable = s->in_gvisor;
	for (size_t i = 0; !f->not_applicable && i < SYSCTL_COUNT; i++) {
		const struct small_file_facts *file = &s->files[FILE_SYSCTL_FIRST + i];
		const struct sysctl_wish *w = &sysctl_wishes[i];
		long value;

		if (file->error) /* the kernel was built without it */
			continue;
		value = strtol(file->text, NULL, 10);
		if (value < w->least || value > w->most)
			found_grave(f, NULL, "%s is %ld on this host", w->path, value);
	}
}

/* ---- devices */

static bool is_dangerous_device(const struct device *d)
{
	/* mem, kmem, port, kmsg (Documentation/admin-guide/devices.txt) */
	return d->is_block || (d->major == 1 &&
			       (d->minor == 1 || d->minor == 2 || d->minor == 4 || d->minor == 11));
}

/* /dev/fuse and /dev/net/tun are in every container there, and lead to the sandbox. */
static bool is_device_of_gvisor(const struct device *d)
{
	return !d->is_block && d->major == 10 && (d->minor == 229 || d->minor == 200);
}

void judge_devices(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	(void)found_trouble(f, &s->devices.trouble); /* some may have been listed all the same */
	for (const struct device *d = s->devices.devices; d; d = d->next) {
		const char *name = shown(f, d->path);

		if (is_dangerous_device(d))
			found_grave(f, d->path, "%s is %s device %u:%u", name,
				    d->is_block ? "block" : "character", d->major, d->minor);
		else if (s->in_gvisor && is_device_of_gvisor(d))
			found_note(f, "%s is in every container in gVisor", name);
		else
			found_lesser(f, d->path,
				     "%s is a device that containers usually do not have (%u:%u)",
				     name, d->major, d->minor);
	}
}

/* ---- tokens and the rest */

void judge_sa_token(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	for (enum known_path k = PATH_SA_TOKEN; k <= PATH_AZURE_TOKEN; k++)
		if (!s->paths[k].error)
			found_grave(f, known_path_name(k),
				    "%s is there: anyone who reads it can act as the pod",
				    known_path_name(k));
}

void judge_runtime_detect(const struct policy *p, const struct posture *s, struct finding *f)
{
	char buf[96];
	struct text platform;

	(void)p;
	text_init(&platform, buf, sizeof(buf));
	posture_add_platform(s, &platform);
	found_note(f, "%s", buf);
}

void judge_no_dynamic_loader(const struct policy *p, const struct posture *s, struct finding *f)
{
	bool is_static = p->program && !s->app.error && s->app.linkage == LINKAGE_STATIC;

	for (enum known_path k = PATH_LOADER_FIRST; k <= PATH_LOADER_LAST; k++) {
		const char *path = known_path_name(k);

		if (s->paths[k].error)
			continue;
		if (is_static)
			found_grave(f, path, "%s is there, and the program does not need it", path);
		else
			found_lesser(f, path, "%s can start programs that are not executable",
				     path);
	}
}

void judge_shells_file(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	if (!s->files[FILE_SHELLS].error)
		found_grave(f, "/etc/shells", "/etc/shells is left over from a distribution");
}

void judge_image_age(const struct policy *p, const struct posture *s, struct finding *f)
{
	enum { OLD_DAYS = 90, DAY = 24 * 60 * 60 };
	const struct small_file_facts *file = &s->files[FILE_BUILD_EPOCH];
	long long age;

	(void)p;
	f->not_applicable = file->error != 0;
	if (file->error)
		return;
	age = ((long long)s->now - strtoll(file->text, NULL, 10)) / DAY;
	if (age > OLD_DAYS)
		found_grave(f, NULL, "the image was built %lld days ago (/etc/granit/build-epoch)",
			    age);
}
