// SPDX-License-Identifier: MIT
/* Where container runtimes and their helpers listen. */
#include "facts/sockets.h"

#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include "sys/compiler.h"
#include "sys/text.h"

/*
 * Paths below a directory that may be the host's /run, or the runtime's own directory in it. The
 * last part is the name by which a socket is known when it is mounted by itself.
 */
static const char *const places[] = {
	"docker.sock",
	"containerd/containerd.sock",
	"containerd.sock",
	"crio/crio.sock",
	"crio.sock",
	"podman/podman.sock",
	"podman.sock",
	"cri-dockerd.sock",
	"run/docker.sock",
	"buildkitd.sock",
	"buildkit/buildkitd.sock",
	"dockershim.sock",
	"frakti.sock",
	"kubelet.sock",
	"docker-containerd.sock",
	"containerd.sock.ttrpc",
};

bool is_runtime_socket(const char *path)
{
	const char *name = text_last_part(path);

	for (size_t i = 0; i < array_length(places); i++)
		if (strcmp(name, text_last_part(places[i])) == 0)
			return true;
	return false;
}

const char *runtime_socket_below(int dir)
{
	struct stat st;

	for (size_t i = 0; i < array_length(places); i++)
		if (fstatat(dir, places[i], &st, 0) == 0 && S_ISSOCK(st.st_mode))
			return places[i];
	return NULL;
}
