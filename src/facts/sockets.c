// SPDX-License-Identifier: MIT
/* Where that listens which controls a host. */
#include "facts/sockets.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include "sys/compiler.h"
#include "sys/dents.h"
#include "sys/sight.h"

/*
 * Paths on the host. Of a directory that is mounted each end of them is asked for, since it may be
 * any of those above. How many parts of an end are enough to tell: one, or what is said here; of a
 * directory a name beside the socket tells as well.
 */
static const struct place {
	const char *path;
	unsigned char alone; /* for a socket that is mounted by itself */
	unsigned char below; /* for one in a directory */
	const char *beside;  /* or fewer parts, where this is there too; NULL: there is none */
} places[] = {
	{.path = "/run/docker.sock"},
	{.path = "/run/docker.raw.sock"},
	{.path = "/run/docker.proxy.sock"},
	{.path = "/run/guest-services/docker.sock"},
	{.path = "/run/guest-services/docker.raw.sock"},
	{.path = "/run/guest-services/docker.proxy.sock"},
	{.path = "/run/host-services/docker.proxy.sock"},
	{.path = "/run/docker/docker.sock"},
	{.path = "/run/docker/containerd/containerd.sock"},
	{.path = "/run/docker/libcontainerd/docker-containerd.sock"},
	{.path = "/run/docker-containerd.sock"},
	{.path = "/run/containerd/containerd.sock"},
	{.path = "/run/containerd/containerd.sock.ttrpc"},
	{.path = "/run/k3s/containerd/containerd.sock"},
	{.path = "/run/crio/crio.sock"},
	{.path = "/run/podman/podman.sock"},
	/* Without root: the first user's. Of other users the folder itself has to be mounted. */
	{.path = "/run/user/1000/docker.sock"},
	{.path = "/run/user/1000/podman/podman.sock"},
	/* In a home directory: Docker Desktop, Rancher Desktop, Colima, OrbStack. */
	{.path = "/.docker/run/docker.sock"},
	{.path = "/.docker/desktop/docker.sock"},
	{.path = "/.rd/docker.sock"},
	{.path = "/.colima/docker.sock"},
	{.path = "/.colima/default/docker.sock"},
	{.path = "/.orbstack/run/docker.sock"},
	{.path = "/run/cri-dockerd.sock"},
	{.path = "/run/dockershim.sock"},
	{.path = "/run/frakti.sock"},
	{.path = "/run/buildkit/buildkitd.sock"},
	{.path = "/run/buildkitd.sock"},
	{.path = "/run/balena.sock"},
	{.path = "/run/balena-engine.sock"},
	{.path = "/run/finch.sock"},
	{.path = "/run/nri/nri.sock"},
	{.path = "/run/kubelet.sock"},
	{.path = "/var/lib/kubelet/pod-resources/kubelet.sock"},
	{.path = "/var/lib/kubelet/device-plugins/kubelet.sock"},
	{.path = "/run/snapd.socket"},
	{.path = "/run/lxd/unix.socket", .alone = 2},
	{.path = "/var/lib/lxd/unix.socket", .alone = 2},
	{.path = "/var/snap/lxd/common/lxd/unix.socket", .alone = 2},
	{.path = "/run/incus/unix.socket", .alone = 2},
	{.path = "/var/lib/incus/unix.socket", .alone = 2},
	{.path = "/run/libvirt/libvirt-sock"},
	{.path = "/run/libvirt/libvirt-admin-sock"},
	{.path = "/run/libvirt/virtqemud-sock"},
	{.path = "/run/libvirt/virtlxcd-sock"},
	{.path = "/run/libvirt/virtxend-sock"},
	{.path = "/run/systemd/private", .alone = 2, .below = 2, .beside = "notify"},
	{.path = "/run/dbus/system_bus_socket"},
	{.path = "/nix/var/nix/daemon-socket/socket", .alone = 2, .below = 2},
};

/* The path without its first part; NULL: there is only one. */
static const char *next_end(const char *end)
{
	const char *slash = strchr(end, '/');

	return slash ? slash + 1 : NULL;
}

static unsigned int count_parts(const char *end)
{
	unsigned int n = 0;

	for (; end; end = next_end(end))
		n++;
	return n;
}

bool is_control_socket(const char *path)
{
	size_t len = strlen(path);

	for (size_t i = 0; i < array_length(places); i++) {
		unsigned int parts = places[i].alone ? places[i].alone : 1;
		const char *end = places[i].path + 1;
		size_t end_len;

		while (count_parts(end) > parts)
			end = next_end(end);
		end_len = strlen(end);
		if (len > end_len && path[len - end_len - 1] == '/' &&
		    strcmp(path + len - end_len, end) == 0)
			return true;
	}
	return false;
}

/* Whether the first part of end is this name; of any, where the name is NULL. */
static bool begins_with(const char *end, const char *name)
{
	size_t len;

	if (!name)
		return true;
	if (*end != *name)
		return false;
	len = strlen(name);
	return strncmp(end, name, len) == 0 && (end[len] == '/' || end[len] == '\0');
}

/* Of those whose path begins with the name: one that is there, or NULL. */
static bool tells(int dir, const struct place *p, const char *end)
{
	struct stat st;

	return count_parts(end) >= (p->below ? p->below : 1) ||
	       (p->beside && sight_stat(dir, p->beside, 0, &st) == 0);
}

static const char *ask_dir(int dir, const char *name, bool *ret_barred)
{
	struct stat st;
	int r;

	for (size_t i = 0; i < array_length(places); i++) {
		for (const char *end = places[i].path + 1; end; end = next_end(end)) {
			if (!begins_with(end, name) || !tells(dir, &places[i], end))
				continue;
			r = sight_stat(dir, end, 0, &st);
			if (r == 0 && S_ISSOCK(st.st_mode))
				return end;
			*ret_barred |= r == -EACCES;
		}
	}
	return NULL;
}

static bool is_of_names(const char *name, const char *const *names)
{
	while (*names && strcmp(name, *names) != 0)
		names++;
	return *names != NULL;
}

const char *control_socket_below(int dir, int list, const char *const *names,
				 struct socket_search *ret)
{
	enum { FEW = 64 }; /* entries; where there are more it is cheaper to ask for all */
	union dents_piece piece;
	const struct dirent *e;
	const char *found = NULL;
	struct dents d;
	size_t n = 0;

	*ret = (struct socket_search){.some = true};
	if (list < 0)
		return ask_dir(dir, NULL, &ret->barred);
	d = dents_of(list, &piece);
	ret->some = false;
	while (!found && (e = dents_next(&d)) != NULL && n++ < FEW) {
		ret->some |= is_of_names(e->d_name, names);
		found = ask_dir(dir, e->d_name, &ret->barred);
	}
	ret->some |= found || n > FEW || d.error;
	if (!found && (n > FEW || d.error))
		found = ask_dir(dir, NULL, &ret->barred);
	return found;
}
