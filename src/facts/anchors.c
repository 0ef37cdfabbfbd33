// SPDX-License-Identifier: MIT
/*
 * The root field of mountinfo is a path within its file system, and says of the host only what
 * another row lets it say: an anchor, of which it is known where on the host it lies. When Docker's
 * /etc/hostname is PREFIX/var/lib/docker/containers/ID/hostname on a device, then PREFIX is the
 * host's / there, whether it is a subvolume, a snapshot, or nothing.
 */
#include "facts/anchors.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "policy/policy.h"
#include "sys/text.h"

/* Files that runtimes mount from folders of their own. At most one row each is not covered. */
static const char *const points[] = {
	"/etc/hosts", "/etc/hostname", "/etc/resolv.conf", TERMINATION_LOG, "/run/.containerenv",
};

/*
 * Where these folders lie on a host. dir is what of its path is left in front: /var, say, on a
 * partition of its own. The longest first; a folder that the engine was told to use tells nothing.
 */
static const struct folder {
	const char *mark;
	const char *dir;
	bool in_memory; /* at the start of a tmpfs, and nowhere else */
} folders[] = {
	{.mark = "/var/snap/microk8s/common/var/lib/kubelet/pods/", .dir = ""},
	{.mark = "/var/snap/microk8s/common/var/lib/containerd/io.containerd.", .dir = ""},
	{.mark = "/var/snap/docker/common/var-lib-docker/containers/", .dir = ""},
	{.mark = "/var/lib/rancher/k3s/agent/containerd/io.containerd.", .dir = ""},
	{.mark = "/var/lib/k0s/containerd/io.containerd.", .dir = ""},
	{.mark = "/var/lib/k0s/kubelet/pods/", .dir = ""},
	{.mark = "/var/lib/docker/containers/", .dir = ""},
	{.mark = "/var/lib/kubelet/pods/", .dir = ""},
	{.mark = "/var/lib/containerd/io.containerd.", .dir = ""},
	{.mark = "/var/lib/containers/storage/", .dir = ""},
	{.mark = "/var/lib/nerdctl/", .dir = ""},
	{.mark = "/run/containers/storage/", .dir = ""},
	{.mark = "/lib/docker/containers/", .dir = "/var"},
	{.mark = "/lib/kubelet/pods/", .dir = "/var"},
	{.mark = "/lib/containerd/io.containerd.", .dir = "/var"},
	{.mark = "/lib/containers/storage/", .dir = "/var"},
	{.mark = "/lib/nerdctl/", .dir = "/var"},
	{.mark = "/containers/storage/", .dir = "/run", .in_memory = true},
};

struct anchor {
	const char *device;
	const char *prefix; /* so many bytes of its row's root are the host's dir */
	size_t prefix_len;
	const char *dir;
};

static bool find_anchor(const struct mount *m, struct anchor *ret)
{
	for (size_t i = 0; i < array_length(folders); i++) {
		const struct folder *f = &folders[i];
		const char *mark = strstr(m->root, f->mark);

		if (!mark || (f->in_memory && (mark != m->root || strcmp(m->fstype, "tmpfs") != 0)))
			continue;
		*ret = (struct anchor){m->device, m->root, (size_t)(mark - m->root), f->dir};
		return true;
	}
	return false;
}

static size_t find_anchors(const struct mount_table *t, struct anchor ret[array_length(points)])
{
	size_t n = 0;

	for (size_t i = 0; i < t->count && n < array_length(points); i++)
		if (!t->rows[i].covered && is_one_of(t->rows[i].point, points))
			n += find_anchor(&t->rows[i], &ret[n]);
	return n;
}

/* ---- systems that lie deeper in their file system */

const char *path_behind_pattern(const char *path, const char *pattern)
{
	for (; *pattern; pattern++) {
		if (*pattern == '*') {
			size_t len = strcspn(path, "/");

			if (len == 0)
				return NULL;
			path += len;
		} else if (*path++ != *pattern) {
			return NULL;
		}
	}
	return *path == '/' || *path == '\0' ? path : NULL;
}

/* What only an installed system has in its file system, so that no anchor is needed. */
static const char *const system_prefixes[] = {
	"/@/.snapshots/*/snapshot",
	"/@",
	"/@rootfs",
	"/ostree/deploy/*/deploy/*",
};

/* The same behind an anchor, which shows /var alone: it lies beside them. */
static const char *const inner_prefixes[] = {
	"/.snapshots/*/snapshot",
	"/deploy/*",
};

static const char *skip_any(const char *path, const char *const *patterns, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *rest = path_behind_pattern(path, patterns[i]);

		if (rest)
			return rest;
	}
	return NULL;
}

/* ---- rows */

/* dir with rest behind it, of which either may be empty. NULL: no memory. */
static const char *join(const char *dir, const char *rest, struct arena *a)
{
	char path[2 * PATH_MAX];
	struct text t;

	if (strcmp(rest, "/") == 0)
		rest = "";
	if (!*dir && !*rest)
		return "/";
	if (!*rest)
		return dir;
	if (!*dir)
		return rest;
	text_init(&t, path, sizeof(path));
	text_add(&t, "%s%s", dir, rest);
	return arena_copy(a, path);
}

/* *ret stays NULL where the anchor says nothing of the row. */
static int ask_anchor(const struct anchor *an, const struct mount *m, struct arena *a,
		      const char **ret)
{
	size_t len = strlen(m->root);
	const char *rest = m->root + an->prefix_len, *inner;

	if (strcmp(an->device, m->device) != 0)
		return 0;
	/* It is a directory above, which has all of the host's there. */
	if (len < an->prefix_len || strcmp(m->root, "/") == 0) {
		if (strcmp(m->root, "/") == 0 ||
		    (strncmp(an->prefix, m->root, len) == 0 && an->prefix[len] == '/'))
			*ret = join(an->dir, "", a);
		return 0;
	}
	if (strncmp(an->prefix, m->root, an->prefix_len) != 0 || (*rest && *rest != '/'))
		return 0;
	inner = *an->dir ? NULL : skip_any(rest, inner_prefixes, array_length(inner_prefixes));
	*ret = join(an->dir, inner ? inner : rest, a);
	return *ret ? 0 : -ENOMEM;
}

static int find_on_host(const struct anchor *anchors, size_t n, struct mount *m, struct arena *a)
{
	const char *rest;

	for (size_t i = 0; !m->host && i < n; i++)
		if (ask_anchor(&anchors[i], m, a, &m->host) < 0)
			return -ENOMEM;
	rest = m->host ? NULL : skip_any(m->root, system_prefixes, array_length(system_prefixes));
	if (rest && (strncmp(m->root, "/@", 2) != 0 || strcmp(m->fstype, "btrfs") == 0))
		m->host = join("", rest, a);
	return 0;
}

int mounts_find_on_host(struct mount_table *t, struct arena *a)
{
	struct anchor anchors[array_length(points)];
	size_t n = find_anchors(t, anchors);

	for (size_t i = 0; i < t->count; i++)
		if (find_on_host(anchors, n, &t->rows[i], a) < 0)
			return -ENOMEM;
	return 0;
}
